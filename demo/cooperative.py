"""The co-op's rules as records: by-laws, classes, share types, patronage bases, the scheme."""

from datetime import date

from odoo import Command

from .company import account

CLASSES = {
    "KON": ("Konsumen", "consumer"),
    "PRO": ("Petani produsen", "producer"),
    "KRJ": ("Pekerja", "worker"),
    "INV": ("Pemodal", "investor"),
}
SHARE_TYPES = (
    ("SP", "Simpanan pokok", "membership", "membership"),
    ("SW", "Simpanan wajib", "compulsory", "compulsory"),
    ("MP", "Modal penyertaan", "participation", "participation"),
    ("SS", "Simpanan sukarela", "voluntary", "savings"),
)
# Code, name, source, measure.
BASES = (
    ("BELANJA", "Belanja di toko", "imported", "value"),
    ("GABAH", "Setoran gabah", "bill", "value"),
    ("JAMKERJA", "Jam kerja", "journal", "quantity"),
)
# Code, name, kind, percent, part of, what it stands on, clause of the invented by-laws.
LINES = (
    ("CAD", "Dana cadangan", "reserve", 30, "", "reserve", "AD pasal 40(1)a; UU 25/1992 pasal 45"),
    ("PDK", "Dana pendidikan", "fund", 5, "", "education", "AD pasal 40(1)b"),
    ("SOS", "Dana sosial", "fund", 5, "", "social", "AD pasal 40(1)c"),
    ("PGR", "Dana pengurus", "fund", 5, "", "board", "AD pasal 40(1)d"),
    ("DES", "Dana pembangunan desa", "fund", 5, "", "village", "AD pasal 40(1)e"),
    ("ANG", "Bagian anggota", "group", 50, "", "", "AD pasal 40(1)f"),
    ("JM", "Jasa modal", "capital", 30, "ANG", "day_weighted", "AD pasal 41(1)"),
    ("JU", "Jasa usaha", "group", 70, "ANG", "", "AD pasal 41(2)"),
    ("JUB", "Jasa usaha belanja", "patronage", 60, "JU", "BELANJA", "AD pasal 41(2)a"),
    ("JUG", "Jasa usaha gabah", "patronage", 25, "JU", "GABAH", "AD pasal 41(2)b"),
    ("JUK", "Jasa usaha kerja", "patronage", 15, "JU", "JAMKERJA", "AD pasal 41(2)c"),
)
# Return on capital is split by class before it is shared by member.
CAPITAL_SPLIT = {"KON": 55, "PRO": 10, "KRJ": 5, "INV": 30}


def set_up(env):
    bylaws = env["kmp.bylaws"].create(
        {"name": "AD 1/2014 (demo)", "date": date(2014, 1, 2), "date_from": date(2014, 1, 2)}
    )
    create_classes(env, bylaws)
    create_share_types(env)
    create_bases(env)
    create_scheme(env, bylaws).action_put_into_force()


def create_classes(env, bylaws):
    env["kmp.stakeholder.class"].create(
        [
            {
                "code": code,
                "name": name,
                "role": role,
                "sequence": place,
                "color": place,
                "bylaws_id": bylaws.id,
            }
            for place, (code, (name, role)) in enumerate(CLASSES.items(), start=1)
        ]
    )


def classes(env):
    """``{code: class}``"""
    return {each.code: each for each in env["kmp.stakeholder.class"].search([("code", "in", list(CLASSES))])}


def create_share_types(env):
    env["kmp.share.type"].create(
        [
            {"code": code, "name": name, "kind": kind, "account_id": account(env, account_name).id}
            for code, name, kind, account_name in SHARE_TYPES
        ]
    )


def share_type(env, code):
    return env["kmp.share.type"].search([("code", "=", code)])


def create_bases(env):
    env["kmp.patronage.basis"].create(
        [
            {
                "code": code,
                "name": name,
                "source": f"kmp.patronage.source.{source}",
                "measure": measure,
                "account_ids": [Command.set(account(env, "wages").ids if source == "journal" else [])],
            }
            for code, name, source, measure in BASES
        ]
    )


def basis(env, code):
    return env["kmp.patronage.basis"].search([("code", "=", code)])


def create_scheme(env, bylaws):
    scheme = env["kmp.shu.scheme"].create(
        {"name": "Skema SHU 2014", "bylaws_id": bylaws.id, "date_from": bylaws.date_from}
    )
    lines = {"": env["kmp.shu.scheme.line"]}
    for place, line in enumerate(LINES):
        lines[line[0]] = scheme.line_ids.create(
            {"scheme_id": scheme.id, "sequence": place, **prepare_line(env, lines, *line)}
        )
    return scheme


def prepare_line(env, lines, code, name, kind, percent, part_of, stands_on, citation):
    return {
        "code": code,
        "name": name,
        "kind": kind,
        "percent": percent,
        "parent_id": lines[part_of].id,
        "citation": citation,
        **prepare_ground(env, kind, stands_on),
    }


def prepare_ground(env, kind, stands_on):
    """The account of a reserve or fund, the basis of patronage, the base and split of capital."""
    if kind in ("reserve", "fund"):
        return {"account_id": account(env, stands_on).id}
    if kind == "patronage":
        return {"basis_id": basis(env, stands_on).id}
    if kind == "capital":
        return {"capital_base": stands_on, "split_ids": prepare_splits(env)}
    return {}


def prepare_splits(env):
    by_code = classes(env)
    return [
        Command.create({"class_id": by_code[code].id, "percent": percent})
        for code, percent in CAPITAL_SPLIT.items()
    ]
