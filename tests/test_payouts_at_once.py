"""Two users pay the same share at the same moment: the member gets it once, and the other user is told."""

import pytest
from at_once import run_in_shell

SCRIPT = """
GROUPS = ("kmp_membership.group_officer", "kmp_shu.group_shu_accountant")
users = [user(name, *GROUPS) for name in ("ani", "budi")]
preparer = user("citra", *GROUPS)
cash = journal("KAS", "cash", account("110001", "asset_cash"))
general = journal("UMUM", "general", account("990001", "asset_current"))
sales, savings, reserve, payable = (
    account(code, kind)
    for code, kind in (
        ("401000", "income"),
        ("310001", "equity"),
        ("302000", "equity"),
        ("206000", "liability_current"),
    )
)
company.write(
    {
        "shu_undistributed_account_id": account("309000", "equity_unaffected").id,
        "shu_payable_account_id": payable.id,
        "shu_journal_id": general.id,
    }
)
env["kmp.share.type"].create(
    {"code": "SP", "name": "SP", "kind": "membership", "account_id": savings.id, "company_id": company.id}
)
group = env["kmp.stakeholder.class"].create({"code": "A", "name": "A", "company_id": company.id})


def member(number):
    return env["kmp.membership"].create(
        {
            "partner_id": env["res.partner"].create({"name": number}).id,
            "company_id": company.id,
            "state": "active",
            "number": number,
            "date_start": "2024-01-01",
            "period_ids": [Command.create({"class_id": group.id, "date_from": "2024-01-01"})],
        }
    )


def post(day, *lines):
    move = env["account.move"].create(
        {
            "date": day,
            "journal_id": general.id,
            "line_ids": [
                Command.create({"account_id": account.id, "partner_id": partner and partner.id, "balance": balance})
                for account, partner, balance in lines
            ],
        }
    )
    move.action_post()


money = cash.default_account_id
member_a, member_b = member("M1"), member("M2")
for each in (member_a, member_b):
    post("2025-01-15", (money, None, 100), (savings, each.partner_id, -100))
post("2025-06-30", (money, None, 1000), (sales, None, -1000))
scheme = env["kmp.shu.scheme"].create(
    {
        "name": "By-laws",
        "company_id": company.id,
        "date_from": "2000-01-01",
        "line_ids": [
            Command.create({"code": "R", "name": "R", "kind": "reserve", "percent": 20, "account_id": reserve.id}),
            Command.create({"code": "JM", "name": "JM", "kind": "capital", "percent": 80}),
        ],
    }
)
scheme.with_user(users[0]).action_put_into_force()
run = env["kmp.shu.run"].with_user(preparer).create(
    {"scheme_id": scheme.id, "date_from": "2025-01-01", "date_to": "2025-12-31", "posting_date": "2026-03-15"}
)
run._update_warnings().write({"reason": "The treasurer knows"})
run.action_compute()
run.resolution = "7"
run.with_user(users[0]).action_approve()
run.action_post()
share = run.share_ids.filtered(lambda share: share.number == "M1")


def draft(amount, as_env=env, **vals):
    payout = as_env["kmp.shu.payout"].with_user(preparer).create({"run_id": run.id, "date": "2026-04-01", **vals})
    payout.line_ids.create({"payout_id": payout.id, "share_id": share.id, "amount": amount})
    return payout


def call(payout, function):
    return payout._name, payout.id, function


def state():
    share.invalidate_recordset()
    difference = env["kmp.shu.share"]._get_payable_difference(company, date(2099, 1, 1))
    return float(share.paid_amount or 0), float(share.open_amount), float(difference)


def confirm(payout):
    payout.action_confirm()


def hand_over_and_post(payout):
    payout.action_settle_all()
    payout.action_post()


def claimed():
    return sorted(env["kmp.shu.payout"].search([("state", "!=", "reversed")]).mapped("state"))


result = {}

# The whole share twice, by two payouts that know nothing of each other: one is confirmed.
payouts = [draft(400), draft(400)]
result["confirm"] = at_once(*(call(payout, confirm) for payout in payouts)), claimed()

# The one that is confirmed is posted by two users.
first = next(payout for payout in payouts if payout.state == "confirmed")
other = next(payout for payout in payouts if payout != first)
result["post"] = twice(first, hand_over_and_post), state(), len(first.move_id)

# And reversed by two users.
result["reverse"] = twice(first, lambda payout: payout.action_reverse()), state(), len(first.reversal_move_id)
other.unlink()

# Each may have a part; both together are more than the share.
parts = [draft(250), draft(250)]
result["parts"] = at_once(*(call(payout, confirm) for payout in parts)), claimed()
live = next(payout for payout in parts if payout.state == "confirmed")
(parts[0] if parts[1] == live else parts[1]).unlink()

# A second payment of the rest is made while the first is posted: they do not exclude each other.
rest = draft(150)
rest.with_user(users[1]).action_confirm()
both = at_once(call(live, hand_over_and_post), call(rest, hand_over_and_post))
result["rest"] = both, state()
for payout in (live, rest):
    payout.with_user(preparer).action_reverse()

# Somebody reverses the distribution; meanwhile somebody else pays of it, whom the first cannot see yet.
begun, paid = threading.Event(), threading.Event()


def reverse_distribution(record):
    record.env.cr.execute("SELECT 1 FROM kmp_shu_payout LIMIT 1")  # what this transaction sees is fixed
    begun.set()
    paid.wait(60)
    record.action_reverse()


def pay_meanwhile(record):
    begun.wait(60)
    draft(400, record.env).with_user(record.env.user).action_confirm()
    record.env.cr.commit()
    paid.set()


result["distribution"] = (
    at_once((run._name, run.id, reverse_distribution), (run._name, run.id, pay_meanwhile)),
    run.state,
    claimed(),
)
print("RESULT" + json.dumps(result))
"""


@pytest.mark.slow
def test_a_share_is_paid_once():
    result = run_in_shell("kmp_payouts_at_once", SCRIPT)
    for outcomes, *_rest in result.values():
        assert set(outcomes) <= {"done", "LockError", "UserError"}
    done = {name: (outcomes.count("done"), *rest) for name, (outcomes, *rest) in result.items()}
    assert done == {
        "confirm": (1, ["confirmed", "draft"]),
        "post": (1, [400, 0, 0], 1),
        "reverse": (1, [0, 400, 0], 1),
        "parts": (1, ["confirmed", "draft"]),
        "rest": (2, [400, 0, 0]),
        "distribution": (1, "posted", ["confirmed"]),
    }
