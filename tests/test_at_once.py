"""Two officers do the same thing at the same moment: it happens once, and the other one is told.

On a database of its own, because what is tried here are commits: every call has a cursor of its own, starts when the other one
does, and is tried again on a serialization failure, as a request of a browser is.
"""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "kmp_at_once"
PATIENCE = 300  # seconds

SCRIPT = '''
import json
import threading
from datetime import date

import odoo
from odoo import Command
from odoo.exceptions import UserError
from odoo.service.model import retrying

env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
idr = env.ref("base.IDR")
idr.active = True
company = env["res.company"].create({"name": "Koperasi Uji", "currency_id": idr.id})
env.user.company_ids |= company
env = env(context=dict(env.context, allowed_company_ids=company.ids))


def account(code, account_type):
    accounts = env["account.account"].with_company(company)
    return accounts.create(
        {"code": code, "name": code, "account_type": account_type, "company_ids": [Command.set(company.ids)]}
    )


def journal(code, kind, account):
    return env["account.journal"].create(
        {"name": code, "code": code, "type": kind, "company_id": company.id, "default_account_id": account.id}
    )


cash = journal("KAS", "cash", account("110001", "asset_cash"))
journal("UMUM", "general", account("990001", "asset_current"))
payable = account("210001", "liability_payable")
share_types = env["kmp.share.type"].create(
    [
        {"code": code, "name": code, "kind": kind, "account_id": account(number, nature).id, "company_id": company.id}
        for code, kind, number, nature in (
            ("SP", "membership", "310001", "equity"),
            ("SS", "voluntary", "210002", "liability_current"),
        )
    ]
)
members = env["kmp.stakeholder.class"].create({"code": "A", "name": "A", "company_id": company.id})
officers = [
    env["res.users"].create(
        {
            "name": name,
            "login": name,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(env.ref("kmp_membership.group_officer").ids)],
        }
    )
    for name in ("ani", "budi")
]


def partner(name):
    partner = env["res.partner"].create({"name": name})
    partner.with_company(company).property_account_payable_id = payable
    return partner


def member(name):
    return env["kmp.membership"].create(
        {
            "partner_id": partner(name).id,
            "company_id": company.id,
            "state": "active",
            "number": name,
            "date_start": "2025-01-01",
            "period_ids": [Command.create({"class_id": members.id, "date_from": "2025-01-01"})],
        }
    )


def operation(member, kind, share_type, amount, day="2025-02-01"):
    return env["kmp.share.operation"].create(
        {"membership_id": member.id, "kind": kind, "share_type_id": share_type.id, "amount": amount, "date": day}
    )


def at_once(*calls):
    """What became of the calls (model, id, function), made by one officer each: "done", or the name of the refusal."""
    env.cr.commit()
    begin, outcomes = threading.Barrier(len(calls)), []

    def call(user, model, record_id, function):
        with env.registry.cursor() as cr:  # commits, and rolls back what raises
            own = odoo.api.Environment(cr, user.id, {"allowed_company_ids": company.ids})
            begin.wait()
            retrying(lambda: function(own[model].browse(record_id)), own)

    def run(*arguments):
        try:
            call(*arguments)
            outcomes.append("done")
        except UserError as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(user, *call)) for user, call in zip(officers, calls)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    env.invalidate_all()
    env.cr.rollback()
    return sorted(outcomes)


def twice(record, function):
    return at_once(*[(record._name, record.id, function)] * 2)


def held(member, share_type):
    return float(share_type._get_holdings(date(2099, 1, 1)).get((member.partner_id.id, share_type.id), 0))


result = {}
pokok, sukarela = share_types
day = date(2025, 3, 1)

applicant = env["kmp.membership"].create(
    {"partner_id": partner("Rina").id, "company_id": company.id, "applied_class_id": members.id}
)
approve = twice(applicant, lambda record: record._apply_step("approve", day, resolution="1"))
result["approve"] = approve, applicant.state, len(applicant.step_ids)

siti = member("M1")
deposit = operation(siti, "deposit", pokok, 100)
result["deposit"] = twice(deposit, lambda record: record.action_post()), held(siti, pokok)

reverse = twice(deposit, lambda record: record._reverse(day, "wrong"))
result["reverse"] = reverse, held(siti, pokok)

joko = member("M2")
operation(joko, "deposit", sukarela, 100).action_post()
out = [operation(joko, "withdrawal", sukarela, 60, "2025-03-01") for _index in range(2)]
both = at_once(*((record._name, record.id, lambda record: record.action_post()) for record in out))
result["overdraw"] = both, held(joko, sukarela)

dewi = member("M3")
operation(dewi, "deposit", pokok, 100).action_post()
dewi._apply_step("resign", day, reason="moves")
redemption = operation(dewi, "redemption", pokok, 100, "2025-03-02")
redemption.action_post()
journal_id = cash.id
pay = twice(redemption, lambda record: record._pay(date(2025, 3, 3), record.env["account.journal"].browse(journal_id)))
paid = env["account.move.line"].search([("account_id", "=", payable.id), ("parent_state", "=", "posted")])
result["pay"] = pay, sum(paid.mapped("debit")), sum(paid.mapped("balance"))

two = [
    env["kmp.membership"].create(
        {"partner_id": partner(name).id, "company_id": company.id, "applied_class_id": members.id}
    )
    for name in ("Eko", "Fitri", "Gita")
]
for applicant in two:
    applicant._apply_step("approve", day, resolution="2")
two.pop()._apply_step("activate", day)  # the first number makes the sequence
activate = at_once(*((record._name, record.id, lambda record: record._apply_step("activate", day)) for record in two))
result["numbers"] = activate, len({record.number for record in two})
print("RESULT" + json.dumps(result))
'''


@pytest.fixture
def database():
    subprocess.run([str(ROOT / "bin/newdb"), DATABASE], check=True)
    yield DATABASE
    subprocess.run(["dropdb", "--if-exists", "--force", DATABASE], check=True)


@pytest.mark.slow
def test_once(database):
    shell = subprocess.run(
        [str(ROOT / "bin/odoo"), "shell", "-d", database, "--no-http", "--log-level=error"],
        input=SCRIPT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    lines = [line for line in shell.stdout.splitlines() if line.startswith("RESULT")]
    assert lines, shell.stdout + shell.stderr
    result = json.loads(lines[0].removeprefix("RESULT"))
    refusals = {name: outcomes.pop(0) for name, (outcomes, *_rest) in result.items() if name != "numbers"}
    assert set(refusals.values()) <= {"LockError", "UserError"}
    assert result == {
        "approve": [["done"], "approved", 1],
        "deposit": [["done"], 100],
        "reverse": [["done"], 0],
        "overdraw": [["done"], 40],
        "pay": [["done"], 100, 0],
        # different members: both at once, with numbers of their own
        "numbers": [["done", "done"], 2],
    }
