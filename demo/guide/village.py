"""A village co-op of twelve members: applications, capital, dues, one year distributed and one computed.

Every name is invented. Everything is done by the user who may do it, through the product's own doors.
"""

import io
from calendar import monthrange
from datetime import date

from odoo import Command

from .. import books, company, cooperative, members
from ..people import Person
from . import meeting

YEAR = 2025
LANGUAGES = {"en": "en_US", "id": "id_ID"}
ROLES = {
    "clerk": ("Rina Marlina", ["kmp_membership.group_clerk"]),
    "officer": ("Slamet Hidayat", ["kmp_membership.group_officer"]),
    "treasurer": ("Dewi Lestari", ["kmp_shu.group_shu_accountant"]),
    "auditor": ("Bambang Wibowo", ["kmp_membership.group_auditor"]),
    "administrator": ("Agus Pratama", ["base.group_system", "kmp_membership.group_officer"]),
}
NAMES = (
    ("KON", "Ani Rahayu", "Budi Santoso", "Citra Dewi", "Dedi Kurniawan", "Eka Putri", "Fajar Nugroho"),
    ("PRO", "Gita Permata", "Hadi Wijaya", "Indah Sari"),
    ("KRJ", "Joko Susilo", "Kartika Ayu", "Lukman Hakim"),
)
FIRST_SHARE = {"KON": 100_000, "PRO": 250_000, "KRJ": 100_000, "INV": 500_000}
MONTHLY = {"KON": 10_000, "PRO": 25_000, "KRJ": 15_000, "INV": 25_000}
DUES_ACCOUNTS = (
    ("kmp_dues_receivable_account_id", "11300900", "asset_receivable", "Piutang Simpanan Anggota"),
    ("kmp_dues_called_account_id", "11300910", "asset_current", "Simpanan yang Belum Disetor"),
)
SURPLUS = {YEAR - 1: 48_000_000, YEAR: 60_000_000}
# Code, name, kind, percent, part of, what it stands on, clause: see demo.cooperative.
LINES = (
    ("CAD", "Dana cadangan", "reserve", 30, "", "reserve", "AD pasal 40(1)a"),
    ("PDK", "Dana pendidikan", "fund", 5, "", "education", "AD pasal 40(1)b"),
    ("DES", "Dana pembangunan desa", "fund", 20, "", "village", "AD pasal 40(1)c"),
    ("ANG", "Bagian anggota", "group", 45, "", "", "AD pasal 40(1)d"),
    ("JM", "Jasa modal", "capital", 30, "ANG", "closing", "AD pasal 41(1)"),
    ("JU", "Jasa usaha", "patronage", 70, "ANG", "BELANJA", "AD pasal 41(2)"),
)


def build(odoo):
    """Make it all; ``{name: id}`` of the records that the pictures show."""
    admin = odoo.as_user("admin")
    set_up(admin)
    people = register(admin)
    odoo.commit()
    officer, clerk = odoo.as_user("officer-en"), odoo.as_user("clerk-en")
    treasurer = odoo.as_user("treasurer-en")
    joined = pay_first_shares(officer, people)
    runs = bill(clerk, officer)
    exits = leave(officer, joined["KON-06"])
    seen = apply(clerk, officer) | {"member": joined["KON-01"].id, "investor": joined["PRO-02"].id}
    odoo.commit()
    trade(treasurer)
    odoo.commit()
    years = distribute(odoo, treasurer, officer)
    # The last thing: from then on a distribution is posted by a resolution of a meeting.
    on_phones = {"en": joined["KON-01"], "id": joined["KON-02"]}
    held = meeting.hold(odoo, officer, on_phones, LANGUAGES)
    looked_at = audit(odoo)
    report = {"annual_report": prepare_annual_report(odoo, officer).id}
    by_language = {
        language: looked_at[language] | {"mine": member.id} for language, member in on_phones.items()
    }
    return seen | exits | runs | years | by_language | held | report


def set_up(env):
    company.set_up(env)
    env.company.name = "Koperasi Multi Pihak Padi Sejahtera"
    create_users(env)
    bylaws = env["kmp.bylaws"].create(
        {"name": "AD 01/2020", "date": date(2020, 1, 2), "date_from": date(2020, 1, 2)}
    )
    cooperative.create_classes(env, bylaws)
    cooperative.create_share_types(env)
    cooperative.share_type(env, "SP").redemption = "on_exit"
    create_terms(env, bylaws)
    set_dues_accounts(env)
    env["kmp.patronage.basis"].create(
        {
            "code": "BELANJA",
            "name": "Belanja di toko",
            "source": "kmp.patronage.source.imported",
            "measure": "value",
            "is_participation": True,
        }
    )
    create_scheme(env, bylaws).action_put_into_force()


def create_users(env):
    """Everybody twice, once in each language."""
    env["res.users"].with_context(no_reset_password=True).create(
        [
            {
                "name": name,
                "login": f"{role}-{language}",
                "password": f"{role}-{language}",
                "lang": code,
                "group_ids": [Command.set([env.ref(group).id for group in groups])],
            }
            for role, (name, groups) in ROLES.items()
            for language, code in LANGUAGES.items()
        ]
    )


def create_terms(env, bylaws):
    by_code = cooperative.classes(env)
    env["kmp.share.term"].create(
        [
            {
                "class_id": by_code[class_code].id,
                "share_type_id": cooperative.share_type(env, share_type).id,
                "bylaws_id": bylaws.id,
                "date_from": bylaws.date_from,
                "frequency": frequency,
                "amount": amount,
                "clause": clause,
            }
            for share_type, frequency, amounts, clause in (
                ("SP", "once", FIRST_SHARE, "AD pasal 35(1)"),
                ("SW", "monthly", MONTHLY, "AD pasal 35(2)"),
            )
            for class_code, amount in amounts.items()
        ]
    )


def set_dues_accounts(env):
    for field, code, account_type, name in DUES_ACCOUNTS:
        env.company[field] = env["account.account"].create(
            {"code": code, "account_type": account_type, "name": name}
        )
    env.company.kmp_dues_journal_id = company.general_journal(env)


def create_scheme(env, bylaws):
    scheme = env["kmp.shu.scheme"].create(
        {"name": "Skema SHU AD 01/2020", "bylaws_id": bylaws.id, "date_from": bylaws.date_from}
    )
    lines = {"": env["kmp.shu.scheme.line"]}
    for place, (code, name, kind, percent, part_of, stands_on, citation) in enumerate(LINES):
        ground = {"capital_base": stands_on} if kind == "capital" else None
        lines[code] = scheme.line_ids.create(
            {
                "scheme_id": scheme.id,
                "sequence": place,
                "code": code,
                "name": name,
                "kind": kind,
                "percent": percent,
                "parent_id": lines[part_of].id,
                "citation": citation,
                **(ground or cooperative.prepare_ground(env, kind, stands_on)),
            }
        )
    return scheme


def register(env):
    people = [
        Person(f"{code}-{place:02d}", name, code, date(YEAR - 2, 1, 1))
        for code, *names in NAMES
        for place, name in enumerate(names, start=1)
    ]
    members.register(env, people)
    return people


def pay_first_shares(env, people):
    """Deposits of the first share and of three years' contributions; ``{number: membership}``."""
    joined = {
        each.number: each for each in env["kmp.membership"].search([("company_id", "=", env.company.id)])
    }
    deposit(env, people, joined, "SP", date(YEAR - 2, 1, 10), lambda person: FIRST_SHARE[person.class_code])
    for year in (YEAR - 2, YEAR - 1):
        deposit(env, people, joined, "SW", date(year, 12, 15), lambda person: 12 * MONTHLY[person.class_code])
    return joined


def deposit(env, people, joined, share_type, day, amount):
    operations = env["kmp.share.operation"].create(
        [
            {
                "membership_id": joined[person.number].id,
                "share_type_id": cooperative.share_type(env, share_type).id,
                "date": day,
                "amount": amount(person),
            }
            for person in people
        ]
    )
    operations.action_post()


def bill(clerk, officer):
    """Three quarters billed and mostly paid, the last one prepared."""
    for month in (3, 6, 9):
        run = prepare(clerk, month).with_env(officer)
        run.action_bill()
        payers = run.line_ids.membership_id[: -month // 3]
        pay(officer, payers, date(YEAR, month, 25))
    return {"billed": run.id, "prepared": prepare(clerk, 12).id}


def prepare(env, month):
    run = env["kmp.contribution.run"].create(
        {
            "date_from": date(YEAR, month - 2, 1),
            "date_to": date(YEAR, month, monthrange(YEAR, month)[1]),
            "date": date(YEAR, month, 1),
        }
    )
    run.action_prepare()
    return run


def pay(env, payers, day):
    wizard = env["kmp.contribution.payment"].create(
        {"membership_ids": [Command.set(payers.ids)], "date": day}
    )
    wizard.action_confirm()


def leave(officer, membership):
    """A member who moves away, and the first share that is still to be paid out."""
    membership._apply_step(
        "resign", date(YEAR, 10, 1), reason="Pindah ke kota lain", resolution="018/SK/PENGURUS/2025"
    )
    redemption = officer["kmp.share.operation"].create(
        {
            "kind": "redemption",
            "membership_id": membership.id,
            "share_type_id": cooperative.share_type(officer, "SP").id,
            "date": date(YEAR, 10, 15),
            "amount": FIRST_SHARE["KON"],
        }
    )
    redemption.action_post()
    return {"former": membership.id, "redemption": redemption.id}


def apply(clerk, officer):
    """An applicant, one who is approved and pays in, and the deposit that waits to be posted."""
    by_code = cooperative.classes(clerk)
    partners = clerk["res.partner"].create(
        [
            {"name": "Maya Anggraini", "phone": "0812-555-0101", "email": "maya@example.com"},
            {"name": "Nanda Saputra", "phone": "0812-555-0102"},
        ]
    )
    applicant, approved = clerk["kmp.membership"].create(
        [
            {
                "partner_id": partner.id,
                "applied_class_id": by_code["KON"].id,
                "date_application": date(YEAR, 11, 3),
            }
            for partner in partners
        ]
    )
    approved.with_env(officer)._apply_step("approve", date(YEAR, 11, 10), resolution="021/SK/PENGURUS/2025")
    first_share = clerk["kmp.share.operation"].create(
        {
            "membership_id": approved.id,
            "share_type_id": cooperative.share_type(clerk, "SP").id,
            "date": date(YEAR, 11, 12),
            "amount": FIRST_SHARE["KON"],
        }
    )
    return {"applicant": applicant.id, "deposit": first_share.id}


def trade(env):
    """What the shop earned in both years, and what it cost."""
    sales, cost = company.account(env, "sales"), company.account(env, "cost")
    bank = company.bank_journal(env).default_account_id
    entries = []
    for year, surplus in SURPLUS.items():
        entries.append((date(year, 12, 31), f"Penjualan {year}", books.pair(bank, sales, 5 * surplus)))
        entries.append((date(year, 12, 31), f"Harga pokok {year}", books.pair(cost, bank, 4 * surplus)))
    books.post(env, company.general_journal(env), entries)


def distribute(odoo, treasurer, officer):
    """Last year to the end, this year as far as the treasurer alone comes."""
    seen = {}
    for year in SURPLUS:
        basis = cooperative.basis(treasurer, "BELANJA")
        name = f"belanja-{year}.csv"
        treasurer["kmp.patronage.import"]._import_file(io.BytesIO(purchases(year)), name, basis)
        run = treasurer["kmp.shu.run"].create(
            {
                "scheme_id": treasurer["kmp.shu.scheme"].search([("state", "=", "in_force")]).id,
                "date_from": date(year, 1, 1),
                "date_to": date(year, 12, 31),
                "posting_date": date(year + 1, 3, 24),
            }
        )
        for warning in run._update_warnings():
            warning.reason = "Koperasi ini belum dikenai pajak penghasilan"
        run.action_compute()
        odoo.commit()
        seen[f"year_{year}"] = run.id
        if year != YEAR:
            approved = run.with_env(officer)
            approved.resolution = f"04/RAT/III/{year + 1}"
            approved.action_approve()
            odoo.commit()
            run.action_post()
    odoo.commit()
    posted = treasurer["kmp.shu.run"].browse(seen[f"year_{YEAR - 1}"])
    return {"posted": posted.id, "computed": seen[f"year_{YEAR}"], "payout": pay_out(odoo, posted).id}


def pay_out(odoo, run):
    """A list of everybody's cash, which waits for an officer."""
    wizard = run.env["kmp.shu.payout.wizard"].create(
        {"run_id": run.id, "method": "cash", "date": date(YEAR, 4, 7)}
    )
    action = wizard.action_prepare()
    odoo.commit()
    return run.env["kmp.shu.payout"].browse(action["res_id"])


def purchases(year):
    """What each consumer and producer bought at the shop, as a file: a fixed rule, no data of anybody."""
    rows = ["member,date,value,cost"]
    for code, *names in NAMES[:2]:
        for place in range(1, len(names) + 1):
            baskets = 7 * place % 5 + 2
            rows.append(f"{code}-{place:02d},{year}-06-30,{baskets * 5_000_000},{baskets * 4_000_000}")
    return "\n".join([*rows, ""]).encode()


def prepare_annual_report(odoo, officer):
    """The book of the meeting on the distributed year, with what it still lacks."""
    report = officer["kmp.rat.pack"].create(
        {"date_to": date(YEAR - 1, 12, 31), "meeting_date": date(YEAR, 3, 22)}
    )
    report.action_check()
    odoo.commit()
    return report


def audit(odoo):
    """The auditor's look at the distributed year, once in each language: tie-outs, and a sample by value that is looked at."""
    return {language: audit_in(odoo, f"auditor-{language}", language) for language in LANGUAGES}


def audit_in(odoo, login, language):
    auditor = odoo.as_user(login)
    auditor = auditor(context=dict(auditor.context, lang=LANGUAGES[language]))
    year = auditor["kmp.audit"].create({"date_from": date(YEAR - 1, 1, 1), "date_to": date(YEAR - 1, 12, 31)})
    year.action_run()
    sample = auditor["kmp.audit.sample"].create(
        {"audit_id": year.id, "method": "value", "seed": "17081945", "size": 6, "key_value": 100_000_000}
    )
    sample.action_draw()
    first, *_others = sample.line_ids
    seen = {"en": "Agrees with the bank statement", "id": "Sesuai dengan rekening koran"}
    first.write({"result": "in_order", "note": seen[language]})
    odoo.commit()
    return {"audit": year.id, "sample": sample.id}
