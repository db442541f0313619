"""Two workers of the server import one file: every row comes in once, also when one of them is killed like a machine that
loses power. In processes of their own, on a database of their own: what is tried here are commits and locks.
"""

import json
import subprocess
import time

import pytest
from processes import PATIENCE, ROOT, finish, kill, query, start, wait_for_line

DATABASE = "kmp_import_workers"
MEMBERS, BATCH = 400, 20
AMOUNT = 50_000

SET_UP = f"""
import base64

from odoo import Command

idr = env.ref("base.IDR")
idr.active = True
company = env["res.company"].create({{"name": "Koperasi Uji", "currency_id": idr.id}})
env.user.company_ids |= company
env.user.group_ids |= env.ref("kmp_membership.group_officer")
env = env(context=dict(env.context, tracking_disable=True, allowed_company_ids=company.ids))


def account(code):
    accounts = env["account.account"].with_company(company)
    return accounts.create(
        {{"code": code, "name": code, "account_type": "equity", "company_ids": [Command.set(company.ids)]}}
    )


env["account.journal"].create({{"name": "U", "code": "U", "type": "general", "company_id": company.id}})
env["kmp.share.type"].create(
    {{"code": "SP", "name": "SP", "kind": "membership", "account_id": account("310001").id, "company_id": company.id}}
)
env["kmp.stakeholder.class"].create({{"code": "A", "name": "A", "company_id": company.id}})
rows = [f"M-{{place}},Anggota {{place}},A,2024-01-01,{AMOUNT}" for place in range({MEMBERS})]
content = "\\n".join(["number,name,class,date_start,SP", *rows, ""])
members = env["kmp.membership.import"].create(
    {{
        "file": base64.b64encode(content.encode()),
        "file_name": "members.csv",
        "date": "2025-01-01",
        "account_id": account("390001").id,
        "company_id": company.id,
    }}
)
members.action_check()
assert members.state == "checked", members.problems
from odoo.addons.kmp_membership.models import membership_import

membership_import.DIRECT_ROWS = 1
members.action_import()
assert members.state == "importing", members.state
env.cr.commit()
"""

# Says when it is there, waits for the other one, and says how many rows it did itself.
WORKER = f"""
import pathlib, time

from odoo.addons.kmp_membership.models import membership_import_apply

membership_import_apply.BATCH_ROWS = {BATCH}
imports = type(env["kmp.membership.import"])
keep, done = imports._keep, []


def counting(self, rows, column, ids):
    done.extend(rows.ids)
    return keep(self, rows, column, ids)


imports._keep = counting
print("ready", flush=True)
while not pathlib.Path("{{flag}}").exists():
    time.sleep(0.01)
env["kmp.membership.import"]._cron_process()
print("rows", len(done), flush=True)
"""
STATE = """
SELECT json_build_object(
    'state', (SELECT state FROM kmp_membership_import),
    'members', (SELECT COUNT(*) FROM kmp_membership WHERE state = 'active' AND import_id IS NOT NULL),
    'numbers', (SELECT COUNT(DISTINCT number) FROM kmp_membership),
    'contacts', (SELECT COUNT(*) FROM res_partner WHERE name LIKE 'Anggota %' AND active),
    'rest', (SELECT COUNT(*) FROM res_partner WHERE name LIKE 'Anggota %' AND NOT active)
          + (SELECT COUNT(*) FROM account_move WHERE state != 'posted'),
    'paid', (SELECT -SUM(i.balance)::int FROM account_move_line i JOIN kmp_share_type t ON t.account_id = i.account_id
              WHERE i.parent_state = 'posted'))
"""
DONE = {
    "state": "done",
    "members": MEMBERS,
    "numbers": MEMBERS,
    "contacts": MEMBERS,
    "rest": 0,
    "paid": MEMBERS * AMOUNT,
}


@pytest.fixture
def database():
    subprocess.run([str(ROOT / "bin/newdb"), DATABASE], check=True)
    yield DATABASE
    subprocess.run(["dropdb", "--if-exists", "--force", DATABASE], check=True)


@pytest.fixture
def workers(database, tmp_path):
    """Two workers that begin at the same moment."""
    finish(start(DATABASE, SET_UP))
    flag = tmp_path / "go"
    both = [start(DATABASE, WORKER.format(flag=flag)) for _worker in range(2)]
    for worker in both:
        wait_for_line(worker, "ready")
    flag.touch()
    yield both
    for worker in both:
        worker.kill()


def look():
    return json.loads(query(DATABASE, STATE))


@pytest.mark.slow
def test_two_workers_share_the_rows(workers):
    rows = [int(finish(worker).split()[-1]) for worker in workers]
    assert look() == DONE
    assert all(rows), rows
    # A row has a contact and an entry; what PostgreSQL made one of them do again is counted again.
    assert sum(rows) >= 2 * MEMBERS, rows


@pytest.mark.slow
def test_one_is_killed_and_the_other_one_ends_it(workers):
    victim, survivor = workers
    deadline = time.monotonic() + PATIENCE
    while not int(query(DATABASE, "SELECT COUNT(*) FROM kmp_membership_import_row WHERE step != 'contact'")):
        assert time.monotonic() < deadline, "no batch was done in time"
        time.sleep(0.01)
    kill(victim)
    finish(survivor)
    assert look() == DONE
