"""A co-operative to measure on: company, accounts, classes, five share types, users. No chart of accounts is needed."""

from datetime import date
from typing import NamedTuple

from odoo import Command
from odoo.tools import SQL

from .rows import clone, without_indexes

FOUNDED = date(2020, 1, 1)
OPENING_CODE = "390000"
SHARE_TYPES = (
    ("SP", "Simpanan Pokok", "membership", "equity"),
    ("SW", "Simpanan Wajib", "compulsory", "equity"),
    ("SK", "Simpanan Khusus", "special", "equity"),
    ("MP", "Modal Penyertaan", "participation", "equity"),
    ("SS", "Simpanan Sukarela", "voluntary", "liability_current"),
)
OFFICER = "bench_officer"


class Cooperative(NamedTuple):
    company: object
    journal: object
    classes: object
    share_types: object


def set_up(lab, name="Koperasi Ukur", officer=OFFICER):
    """The co-operative; everything else is done by its officer, whose login is ``officer``."""
    env = lab.as_user("admin")
    env = env(context=dict(env.context, tracking_disable=True))
    idr = env.ref("base.IDR")
    idr.active = True
    company = env["res.company"].create({"name": name, "currency_id": idr.id})
    env.user.company_ids |= company
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    journal = env["account.journal"].create(
        {"name": "Umum", "code": "UM", "type": "general", "company_id": company.id}
    )
    company.write(
        {
            "kmp_dues_receivable_account_id": account(env, company, "120001", "asset_receivable").id,
            "kmp_dues_called_account_id": account(env, company, "120002", "asset_current").id,
            "kmp_dues_journal_id": journal.id,
        }
    )
    account(env, company, OPENING_CODE, "equity")
    company = company.with_env(env)
    cooperative = Cooperative(
        company, journal, create_classes(env, company), create_share_types(env, company)
    )
    create_user(env, company, officer, "kmp_membership.group_officer")
    lab.commit()
    return cooperative


def account(env, company, code, account_type):
    accounts = env["account.account"].with_company(company)
    return accounts.create(
        {"code": code, "name": code, "account_type": account_type, "company_ids": [Command.set(company.ids)]}
    )


def create_classes(env, company):
    return env["kmp.stakeholder.class"].create(
        [{"code": code, "name": code, "company_id": company.id} for code in ("CNS", "PRD", "WRK", "INV")]
    )


def create_share_types(env, company):
    return env["kmp.share.type"].create(
        [
            {
                "code": code,
                "name": name,
                "kind": kind,
                "company_id": company.id,
                "account_id": account(env, company, f"31000{place}", account_type).id,
            }
            for place, (code, name, kind, account_type) in enumerate(SHARE_TYPES)
        ]
    )


def create_user(env, company, login, group):
    env["res.users"].create(
        {
            "name": login,
            "login": login,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.link(env.ref("base.group_user").id), Command.link(env.ref(group).id)],
        }
    )


def add_members(lab, cooperative, count):
    """One member by Odoo, ``count - 1`` like it by SQL; a quarter in each class, all since the founding."""
    env = cooperative.company.env
    first = env["kmp.membership"].create(
        {
            "company_id": cooperative.company.id,
            "partner_id": env["res.partner"]
            .create({"name": "Anggota 0", "street": "Jl. Mawar 1", "city": "Garut"})
            .id,
            "number": "A-0000000",
            "state": "active",
            "date_start": FOUNDED,
            "period_ids": [Command.create({"class_id": cooperative.classes[0].id, "date_from": FOUNDED})],
        }
    )
    env.flush_all()
    others = count - 1
    with without_indexes(env, "res_partner"):
        partners = clone(
            env,
            first.partner_id,
            others,
            name=SQL("'Anggota ' || i"),
            complete_name=SQL("'Anggota ' || i"),
            commercial_partner_id=SQL("new_id"),
        )
    classes = SQL("(%s::int[])[i %% 4 + 1]", cooperative.classes.ids)
    # Odoo checked the keys of the first one when its tables were small, and would go on as one does with small tables.
    with without_indexes(env, "kmp_membership"), without_indexes(env, "kmp_membership_period"):
        members = clone(
            env,
            first,
            others,
            partner_id=SQL("%s + i", partners),
            number=SQL("'A-' || LPAD(i::text, 7, '0')"),
            class_id=classes,
        )
        clone(env, first.period_ids, others, membership_id=SQL("%s + i", members), class_id=classes)
    lab.commit()
    return first
