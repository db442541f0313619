"""One member, two requests at the same instant; two proxies of one holder; and a vote that comes in while it is being closed.

In processes of their own, on a database of their own: what is tried here are commits.
"""

import json
import subprocess
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "kmp_vote_race"
MEMBERS, ABSENT = 40, 2
PATIENCE = 600  # seconds

SET_UP = f"""
    from datetime import datetime, timedelta
    from odoo import Command

    company = env["res.company"].create({{"name": "Koperasi Uji"}})
    env.user.company_ids |= company
    env = env(context=dict(env.context, allowed_company_ids=company.ids, tracking_disable=True))
    one = env["kmp.stakeholder.class"].create({{"code": "A", "name": "A", "company_id": company.id}})
    members = env["kmp.membership"].create(
        [
            {{
                "partner_id": env["res.partner"].create({{"name": f"Member {{index}}"}}).id,
                "company_id": company.id,
                "state": "active",
                "date_start": "2024-01-01",
                "period_ids": [Command.create({{"class_id": one.id, "date_from": "2024-01-01"}})],
            }}
            for index in range({MEMBERS + ABSENT})
        ]
    )
    rule = env["kmp.voting.rule"].create({{"name": "R", "company_id": company.id, "date_from": "2024-01-01", "proxies_per_member": 1}})
    rule.action_put_into_force()
    meeting = env["kmp.meeting"].create(
        {{
            "name": "RAT",
            "company_id": company.id,
            "rule_id": rule.id,
            "date": datetime.now() + timedelta(days=1),
            "agenda_ids": [Command.create({{"name": "A"}})],
        }}
    )
    meeting.action_convene()
    absent = meeting.roll_ids[-{ABSENT}:]
    (meeting.roll_ids - absent).action_register()
    holder = meeting.roll_ids[0]
    members = (meeting.roll_ids - absent).membership_id
    meeting.action_open()
    vote = env["kmp.meeting.resolution"].create({{"meeting_id": meeting.id, "name": "V", "method": "secret"}})
    vote.action_open_vote()
    env.cr.commit()
"""

RACE = """
    import json, logging, threading
    from odoo import api
    from odoo.exceptions import UserError
    from odoo.service.model import retrying

    logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)  # a refused duplicate is what is tried here
    context, registry, uid = env.context, env.registry, env.uid


    def request(action, before=lambda: None):
        # As an HTTP request: an own cursor, tried again when PostgreSQL says so, committed at its end.
        with registry.cursor() as cr:
            own = api.Environment(cr, uid, context)
            try:
                result = retrying(lambda: (own.cr.execute("SELECT 1"), before(), action(own))[-1], own)
                cr.commit()
                return result
            except UserError as error:
                cr.rollback()
                return str(error)


    def cast(member, before=lambda: None):
        return request(lambda own: vote.with_env(own)._cast(member.with_env(own), "yes"), before)


    def run(*actions):
        results = [None] * len(actions)

        def call(place, action):
            results[place] = action()

        threads = [threading.Thread(target=call, args=pair) for pair in enumerate(actions)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        return results


    def once(action):
        # In the first attempt only: one that PostgreSQL makes Odoo repeat has nobody to wait for.
        todo = [action]
        return lambda: todo.pop()() if todo else None


    # Every member twice at the same instant, in pairs that wait for each other before they vote.
    outcomes = []
    for member in members[:-1]:
        together = threading.Barrier(2, timeout=60)
        outcomes.append(run(lambda: cast(member, once(together.wait)), lambda: cast(member, once(together.wait))))

    # The last one votes after the closing has begun to look at the database, and commits before the closing has the lock.
    looked, voted = threading.Event(), threading.Event()


    def close_after_the_vote():
        looked.set()
        voted.wait(60)


    def vote_meanwhile():
        looked.wait(60)
        token = cast(members[-1])
        voted.set()
        return token


    # Two clerks register a proxy of the same holder, who may have one.
    together = threading.Barrier(2, timeout=60)


    def represent(row):
        vals = {"meeting_id": meeting.id, "roll_id": row.id, "holder_id": holder.id}
        return request(lambda own: own["kmp.meeting.attendance"].create(vals).id, once(together.wait))


    proxies = run(*(lambda row=row: represent(row) for row in absent))

    _closed, late = run(
        lambda: request(lambda own: vote.with_env(own).action_close_vote(), close_after_the_vote), vote_meanwhile
    )
    env.cr.rollback()
    env.invalidate_all()
    tokens = [result for pair in outcomes for result in pair if "has voted" not in result] + [late]
    print(
        "RESULT"
        + json.dumps(
            {
                "pairs": [sorted("has voted" in result for result in pair) for pair in outcomes],
                "proxies": sorted("would represent 2 members" in str(proxy) for proxy in proxies),
                "voters": len(vote.voter_ids),
                "ballots": len(vote.ballot_ids),
                "found": sum(bool(vote._find_ballot(token)) for token in tokens),
                "yes": vote.tally["counts"][0]["yes"],
                "state": vote.state,
            }
        )
    )
"""


@pytest.fixture
def database():
    subprocess.run([str(ROOT / "bin/newdb"), DATABASE], check=True)
    yield DATABASE
    subprocess.run(["dropdb", "--if-exists", "--force", DATABASE], check=True)


@pytest.mark.slow
def test_nobody_votes_twice_and_no_vote_is_lost(database):
    process = subprocess.run(
        [str(ROOT / "bin/odoo"), "shell", "-d", database, "--no-http", "--log-level=warn"],
        input=textwrap.dedent(SET_UP) + textwrap.dedent(RACE),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    [line] = [line for line in process.stdout.splitlines() if line.startswith("RESULT")] or [
        process.stderr[-3000:]
    ]
    assert json.loads(line.removeprefix("RESULT")) == {
        "pairs": [[False, True]] * (MEMBERS - 1),
        "proxies": [False, True],
        "voters": MEMBERS,
        "ballots": MEMBERS,
        "found": MEMBERS,
        "yes": MEMBERS,
        "state": "closed",
    }
