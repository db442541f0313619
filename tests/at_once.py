"""What the tests of two users at the same moment share: a database of its own, and a shell with a small company.

What is tried are commits: every call has a cursor of its own, starts when the other one does, and is tried again on a
serialization failure, as a request of a browser is.
"""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 300  # seconds

PRELUDE = '''
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


def user(name, *groups):
    return env["res.users"].create(
        {
            "name": name,
            "login": name,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set([env.ref(group).id for group in groups])],
        }
    )


def at_once(*calls):
    """What became of the calls (model, id, function), made by one of `users` each: "done", or the name of the refusal."""
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

    threads = [threading.Thread(target=run, args=(user, *call)) for user, call in zip(users, calls)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    env.invalidate_all()
    env.cr.rollback()
    return sorted(outcomes)


def twice(record, function):
    return at_once(*[(record._name, record.id, function)] * 2)
'''


def run_in_shell(database, script):
    """Run the script after the prelude and return what it printed as its result.

    `env`, `company`, `account`, `journal`, `user`, `at_once` and `twice` are at hand; the script sets `users`, two, who make the
    calls, and ends with `print("RESULT" + json.dumps(...))`.
    """
    subprocess.run([str(ROOT / "bin/newdb"), database], check=True)
    try:
        shell = subprocess.run(
            [str(ROOT / "bin/odoo"), "shell", "-d", database, "--no-http", "--log-level=error"],
            input=PRELUDE + script,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        subprocess.run(["dropdb", "--if-exists", "--force", database], check=True)
    lines = [line for line in shell.stdout.splitlines() if line.startswith("RESULT")]
    assert lines, shell.stdout + shell.stderr
    return json.loads(lines[0].removeprefix("RESULT"))
