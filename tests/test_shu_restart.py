"""A large distribution in the background is killed in each of its phases, like a machine that loses power,
and goes on where it stopped; a user cancels it in the middle; two users never do a step twice.

In processes of their own, on a database of their own: what is tried here are commits.
"""

import json
import subprocess

import pytest
from processes import ROOT, finish, kill, query, start, wait_for_line

DATABASE = "kmp_shu_restart"
MEMBERS = 3
SURPLUS = 1001

SET_UP = f"""
from odoo import Command

env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
idr = env.ref("base.IDR")
idr.active = True
company = env["res.company"].create({{"name": "Koperasi Uji", "currency_id": idr.id}})
env.user.company_ids |= company
officer = env["res.users"].create(
    {{
        "name": "Officer",
        "login": "officer",
        "company_id": company.id,
        "company_ids": [Command.set(company.ids)],
        "group_ids": [Command.link(env.ref("kmp_membership.group_officer").id)],
    }}
)
env = env(context=dict(env.context, allowed_company_ids=company.ids))


def account(code, account_type):
    accounts = env["account.account"].with_company(company)
    return accounts.create(
        {{"code": code, "name": code, "account_type": account_type, "company_ids": [Command.set(company.ids)]}}
    )


def post(date, debit, credit, amount, partner=None):
    lines = [
        {{"account_id": debit.id, "debit": amount}},
        {{"account_id": credit.id, "credit": amount, "partner_id": partner and partner.id}},
    ]
    move = env["account.move"].create(
        {{"date": date, "journal_id": journal.id, "line_ids": [Command.create(line) for line in lines]}}
    )
    move.action_post()


journal = env["account.journal"].create({{"name": "U", "code": "U", "type": "general", "company_id": company.id}})
cash, capital = account("110001", "asset_current"), account("310001", "equity")
reserve, sales = account("320001", "equity"), account("410001", "income")
company.write(
    {{
        "shu_undistributed_account_id": account("390001", "equity_unaffected").id,
        "shu_payable_account_id": account("210001", "liability_current").id,
        "shu_journal_id": journal.id,
        "shu_background_limit": 1,
    }}
)
env["kmp.share.type"].create(
    {{"code": "SP", "name": "Simpanan Pokok", "kind": "membership", "account_id": capital.id, "company_id": company.id}}
)
members = env["kmp.stakeholder.class"].create({{"code": "A", "name": "A", "company_id": company.id}})
for number in range({MEMBERS}):
    partner = env["res.partner"].create({{"name": f"Member {{number}}"}})
    env["kmp.membership"].create(
        {{
            "partner_id": partner.id,
            "company_id": company.id,
            "state": "active",
            "number": f"M{{number}}",
            "date_start": "2024-01-01",
            "period_ids": [Command.create({{"class_id": members.id, "date_from": "2024-01-01"}})],
        }}
    )
    post("2024-12-31", cash, capital, 100, partner)
post("2025-12-31", cash, sales, {SURPLUS})
scheme = env["kmp.shu.scheme"].create(
    {{
        "name": "By-laws",
        "company_id": company.id,
        "date_from": "2020-01-01",
        "line_ids": [
            Command.create({{"code": "R", "name": "R", "kind": "reserve", "percent": 30, "account_id": reserve.id}}),
            Command.create({{"code": "JM", "name": "JM", "kind": "capital", "percent": 70}}),
        ],
    }}
)
scheme.with_user(officer).action_put_into_force()
run = env["kmp.shu.run"].create(
    {{
        "company_id": company.id,
        "scheme_id": scheme.id,
        "date_from": "2025-01-01",
        "date_to": "2025-12-31",
        "posting_date": "2026-03-01",
        "resolution": "07/RAT/2026",
    }}
)
run._update_warnings().write({{"reason": "No income tax is due"}})
run.action_compute()
assert (run.state, run.phase) == ("computing", "compare"), (run.state, run.phase)
env.cr.commit()
"""
# The worker is stopped in a statement that would take ten minutes.
WAIT_AND_CANCEL = """
import time

busy = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query = 'SELECT pg_sleep(600)'"
for _attempt in range(600):
    env.cr.execute(busy)
    if env.cr.fetchone():
        break
    env.cr.commit()
    time.sleep(0.1)
began = time.monotonic()
run.action_cancel_work()
env.cr.commit()
assert time.monotonic() - began < 10
"""
WAIT_FOR_RUN = """
import time

while not env["kmp.shu.run"].search([]):
    env.cr.rollback()
    time.sleep(0.2)
"""
CRON = """
env["kmp.shu.run"]._cron_process()
"""
FIND = """
run = env["kmp.shu.run"].search([])
env = env(context=dict(env.context, allowed_company_ids=run.company_id.ids))
run = run.with_env(env)
officer = env["res.users"].search([("login", "=", "officer")])
"""
COMPUTE = """
run.action_compute()
env.cr.commit()
"""
# Two users at the same instant: one has done it and not committed yet, then has committed.
TWICE = """
import psycopg2.errors

from odoo.exceptions import UserError


def attempt(cr):
    other = run.with_env(env(cr=cr, user={user}))
    other.{step}()


def refused(cr, error, text):
    try:
        attempt(cr)
    except error as refusal:
        assert text in str(refusal), refusal
    else:
        raise AssertionError("done twice")
    cr.rollback()


with env.registry.cursor() as first, env.registry.cursor() as second, env.registry.cursor() as third:
    third.execute("SELECT 1 FROM kmp_shu_run")
    attempt(first)
    first.flush()
    refused(second, UserError, "Somebody else")
    first.commit()
    refused(third, psycopg2.errors.SerializationFailure, "")
    refused(third, UserError, {text!r})
env.cr.rollback()
"""
APPROVE_TWICE = TWICE.format(user="officer", step="action_approve", text="is approved")
POST_TWICE = TWICE.format(user="env.user", step="action_post", text="in the background")
STATE = """
SELECT json_build_object(
    'state', state, 'phase', phase, 'has_hash', hash IS NOT NULL, 'is_posted', move_id IS NOT NULL,
    'pools', (SELECT COUNT(*) FROM kmp_shu_pool), 'shares', (SELECT COUNT(*) FROM kmp_shu_share),
    'lines', (SELECT COUNT(*) FROM kmp_shu_share_line), 'distributed', distributed,
    'entries', (SELECT COUNT(*) FROM account_move WHERE date = '2026-03-01'),
    'approved', approved_hash IS NOT NULL)
  FROM kmp_shu_run
"""
NOTHING = {
    "pools": 0,
    "shares": 0,
    "lines": 0,
    "has_hash": False,
    "is_posted": False,
    "entries": 0,
    "approved": False,
}
DIVIDED = {
    "pools": 2,
    "shares": MEMBERS,
    "lines": MEMBERS,
    "distributed": 701,
    "is_posted": False,
    "entries": 0,
}


def stall(method, how):
    """A script in which the run does not come past the end of `method`, then does what the cron does."""
    return (
        f"""
import time

model = env.registry["kmp.shu.run"]
original = model.{method}


def stalled(self, *args):
    result = original(self, *args)
    self.env.flush_all()
    print("stalled here", flush=True)
    {how}
    return result


model.{method} = stalled
"""
        + CRON
    )


def look(*keys):
    state = json.loads(query(DATABASE, STATE))
    return {key: state[key] for key in keys}


def kill_in(method, script=""):
    victim = start(DATABASE, script + stall(method, "time.sleep(600)"))
    wait_for_line(victim, "stalled here")
    kill(victim)


def check(state, phase, rest):
    assert look("state", "phase", *rest) == {"state": state, "phase": phase, **rest}


@pytest.fixture
def database():
    subprocess.run([str(ROOT / "bin/newdb"), DATABASE], check=True)
    yield DATABASE
    subprocess.run(["dropdb", "--if-exists", "--force", DATABASE], check=True)


@pytest.mark.slow
def test_killed_in_each_phase_cancelled_and_done_once(database):
    cancelled = start(
        DATABASE, WAIT_FOR_RUN + stall("_compute_residuals", 'self.env.cr.execute("SELECT pg_sleep(600)")')
    )
    finish(start(DATABASE, SET_UP + WAIT_AND_CANCEL))
    finish(cancelled)
    check("draft", None, NOTHING)

    kill_in("_do_compare", FIND + COMPUTE)
    check("computing", "compare", NOTHING)
    kill_in("_compute_residuals")
    check("computing", "divide", NOTHING)
    kill_in("_do_freeze")
    check("computing", "freeze", DIVIDED | {"has_hash": False})

    kill_in("_check_entry", CRON + FIND + APPROVE_TWICE + POST_TWICE)
    check("approved", "post", DIVIDED | {"has_hash": True, "approved": True})
    finish(start(DATABASE, CRON + CRON))
    check("posted", None, DIVIDED | {"is_posted": True, "entries": 1})
