"""Billing dues in the background is killed like a machine that loses power, and goes on where it stopped.

In processes of their own, on a database of their own: what is tried here are commits.
"""

import json
import subprocess
import time

import pytest
from processes import PATIENCE, ROOT, finish, kill, query, start

DATABASE = "kmp_dues_restart"
MEMBERS = 2100
AMOUNT = 50000

SET_UP = f"""
from odoo import Command

env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
idr = env.ref("base.IDR")
idr.active = True
company = env["res.company"].create({{"name": "Koperasi Uji", "currency_id": idr.id}})
env.user.company_ids |= company
env = env(context=dict(env.context, allowed_company_ids=company.ids))


def account(code, account_type):
    accounts = env["account.account"].with_company(company)
    return accounts.create(
        {{"code": code, "name": code, "account_type": account_type, "company_ids": [Command.set(company.ids)]}}
    ).id


journal = env["account.journal"].create({{"name": "U", "code": "U", "type": "general", "company_id": company.id}})
company.write(
    {{
        "kmp_dues_receivable_account_id": account("120001", "asset_receivable"),
        "kmp_dues_called_account_id": account("120002", "asset_current"),
        "kmp_dues_journal_id": journal.id,
    }}
)
share_type = env["kmp.share.type"].create(
    {{"code": "SW", "name": "Simpanan Wajib", "kind": "compulsory", "account_id": account("310001", "equity"), "company_id": company.id}}
)
members = env["kmp.stakeholder.class"].create({{"code": "A", "name": "A", "company_id": company.id}})
env["kmp.share.term"].create(
    {{"class_id": members.id, "share_type_id": share_type.id, "amount": {AMOUNT}, "frequency": "monthly", "date_from": "2025-01-01"}}
)
partners = env["res.partner"].create([{{"name": f"Member {{index}}"}} for index in range({MEMBERS})])
env["kmp.membership"].create(
    [
        {{
            "partner_id": partner.id,
            "company_id": company.id,
            "state": "active",
            "number": f"M{{partner.id}}",
            "date_start": "2024-01-01",
            "period_ids": [Command.create({{"class_id": members.id, "date_from": "2024-01-01"}})],
        }}
        for partner in partners
    ]
)
run = env["kmp.contribution.run"].create(
    {{"company_id": company.id, "date_from": "2025-01-01", "date_to": "2025-01-31", "date": "2025-01-01"}}
)
run.action_prepare()
run.action_bill()
assert run.state == "billing", run.state
env.cr.commit()
"""
CRON = 'env["kmp.contribution.run"]._cron_process()'
STATE = """
SELECT json_build_object(
    'state', (SELECT state FROM kmp_contribution_run),
    'billed', (SELECT COUNT(*) FROM kmp_contribution_line WHERE state = 'billed'),
    'waiting', (SELECT COUNT(*) FROM kmp_contribution_line WHERE state = 'draft'),
    'items', (SELECT COUNT(*) FROM account_move_line i JOIN account_move m ON m.id = i.move_id
               WHERE m.kmp_dues_kind = 'bill' AND m.state = 'posted' AND i.partner_id IS NOT NULL),
    'members', (SELECT COUNT(DISTINCT i.partner_id) FROM account_move_line i JOIN account_move m ON m.id = i.move_id
                 WHERE m.kmp_dues_kind = 'bill' AND i.partner_id IS NOT NULL),
    'called', (SELECT COALESCE(-SUM(i.balance), 0) FROM account_move_line i
                 JOIN kmp_contribution_run r ON r.called_account_id = i.account_id WHERE i.parent_state = 'posted'),
    'tied', (SELECT COUNT(DISTINCT l.move_line_id) FROM kmp_contribution_line l
               JOIN account_move_line i ON i.id = l.move_line_id AND i.balance = l.amount))
"""


def look():
    return json.loads(query(DATABASE, STATE))


@pytest.fixture
def database():
    subprocess.run([str(ROOT / "bin/newdb"), DATABASE], check=True)
    yield DATABASE
    subprocess.run(["dropdb", "--if-exists", "--force", DATABASE], check=True)


@pytest.mark.slow
def test_killed_and_started_again(database):
    finish(start(DATABASE, SET_UP))
    victim = start(DATABASE, CRON)
    deadline = time.monotonic() + PATIENCE
    while not look()["billed"]:
        assert victim.poll() is None, victim.stdout.read()
        assert time.monotonic() < deadline, "nothing was billed in time"
        time.sleep(0.05)
    kill(victim)
    after = look()
    assert after["state"] == "billing"
    assert 0 < after["billed"] < MEMBERS
    assert after["billed"] % 1000 == 0
    assert after["billed"] + after["waiting"] == MEMBERS
    assert after["items"] == after["tied"] == after["members"] == after["billed"]
    assert after["called"] == after["billed"] * AMOUNT

    finish(start(DATABASE, CRON))
    assert look() == {
        "state": "billed",
        "billed": MEMBERS,
        "waiting": 0,
        "items": MEMBERS,
        "members": MEMBERS,
        "called": MEMBERS * AMOUNT,
        "tied": MEMBERS,
    }
    finish(start(DATABASE, CRON))
    assert look()["items"] == MEMBERS
