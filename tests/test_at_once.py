"""Two officers do the same thing at the same moment: it happens once, and the other one is told."""

import pytest
from at_once import run_in_shell

SCRIPT = """
users = [user(name, "kmp_membership.group_officer") for name in ("ani", "budi")]
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
"""


@pytest.mark.slow
def test_once():
    result = run_in_shell("kmp_at_once", SCRIPT)
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
