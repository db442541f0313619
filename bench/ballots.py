"""2,000 members vote in secret from their phones within a minute, 50 at a time, on a server with workers.

One in ten presses twice at the same instant. Then a second vote, in the middle of which the server is killed (-9) and started again. No
acknowledged ballot is lost, and nobody has two. All of it goes through the page of the portal; nobody has registered at the door, so the
first vote of each member registers the member, too.
"""

import threading
from typing import NamedTuple

from odoo import Command, fields
from odoo.tools import SQL

from .cooperative import OFFICER, add_members, set_up
from .measure import Step
from .rows import clone
from .server import Server
from .voters import Voters, percentile

CHOICES = ("yes", "no", "abstain")
CLIENTS, WORKERS = 50, 6
MINUTE = 60
VOTE_SECONDS = 1
TAKEN, REFUSED = 200, 409
TWICE = 10  # every tenth member presses twice


class Size(NamedTuple):
    members: int


FULL = Size(2_000)
SMALL = 0.05


def run(lab, size):
    meeting, users = build(lab, size)
    first, second = meeting.resolution_ids
    with Server(lab.cr.dbname, WORKERS) as server:
        voters = Voters(server, users, CLIENTS)
        lab.commit()
        with lab.step("everybody opens the page", rows=size.members):
            pages, forms = voters.look(meeting.id)
        assert {page.status for page in pages} == {TAKEN}, count_statuses(pages)
        record_percentile(lab, "95th percentile of a page", pages)
        vote_within_a_minute(lab, voters, forms[first.id], first, size)
        vote_while_the_server_dies(lab, voters, server, forms[second.id], second)


def build(lab, size):
    """A meeting whose members vote from afar, with two secret votes open; and the members' users."""
    cooperative = set_up(lab)
    first = add_members(lab, cooperative, size.members)
    users = add_users(cooperative.company.env, cooperative.company, first, size.members)
    lab.commit()
    env = lab.as_user(OFFICER)
    rule = env["kmp.voting.rule"].create({"name": "One member, one vote", "date_from": first.date_start})
    rule.action_put_into_force()
    meeting = env["kmp.meeting"].create(
        {
            "name": "RAT",
            "rule_id": rule.id,
            "date": fields.Datetime.add(fields.Datetime.now(), days=1),
            "allows_remote": True,
            "agenda_ids": [Command.create({"name": "The year"})],
            "resolution_ids": [
                Command.create({"name": name, "method": "secret"}) for name in ("Accounts", "Surplus")
            ],
        }
    )
    meeting.action_convene()
    meeting.roll_ids[:1].action_register()  # a meeting opens when somebody is there
    meeting.action_open()
    for resolution in meeting.resolution_ids:
        resolution.action_open_vote()
    lab.commit()
    return meeting, users


def add_users(env, company, first, count):
    """A portal user of every member, in the order of the members' numbers."""
    user = env["res.users"].create(
        {
            "login": "voter-0000000",
            "partner_id": first.partner_id.id,
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
    partner = SQL(
        "(SELECT partner_id FROM kmp_membership WHERE company_id = %s AND number = 'A-' || LPAD(i::text, 7, '0'))",
        company.id,
    )
    last = clone(env, user, count - 1, login=SQL("'voter-' || LPAD(i::text, 7, '0')"), partner_id=partner)
    for table, column in (("res_groups_users_rel", "gid"), ("res_company_users_rel", "cid")):
        owner = "uid" if table == "res_groups_users_rel" else "user_id"
        env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(owner)s, %(column)s) SELECT %(last)s + i, %(column)s
                     FROM %(table)s, generate_series(1, %(count)s) AS i WHERE %(owner)s = %(user)s""",
                table=SQL.identifier(table),
                owner=SQL.identifier(owner),
                column=SQL.identifier(column),
                last=last,
                count=count - 1,
                user=user.id,
            )
        )
    env.invalidate_all()
    return user + user.browse(range(last + 1, last + count))


def choose(place):
    return CHOICES[place % len(CHOICES)]


def vote_within_a_minute(lab, voters, forms, resolution, size):
    places = [place for place in range(size.members) for _time in range(1 + (place % TWICE == 0))]
    minute = MINUTE * lab.scale
    with lab.step("all of them vote", rows=size.members, limit=MINUTE + VOTE_SECONDS):
        answers = voters.vote(resolution.meeting_id.id, resolution.id, forms, places, choose, seconds=minute)
    record_percentile(lab, "95th percentile of a vote", answers, limit=VOTE_SECONDS)
    assert {answer.status for answer in answers} <= {TAKEN, REFUSED}, count_statuses(answers)
    taken = [answer for answer in answers if answer.status == TAKEN]
    assert sorted(answer.place for answer in taken) == list(range(size.members)), count_statuses(answers)
    check_counted(lab, resolution, taken, size.members)


def vote_while_the_server_dies(lab, voters, server, forms, resolution):
    """Killed when a third is acknowledged; the others find no server, wait until it is there again and press once more."""
    acknowledged, enough = [], threading.Event()

    def on_answer(answer):
        if answer.status == TAKEN:
            acknowledged.append(answer)
        if len(acknowledged) > len(voters) / 3:
            enough.set()

    def kill():
        enough.wait(MINUTE)
        server.kill()

    meeting, everybody = resolution.meeting_id.id, range(len(voters))
    killer = threading.Thread(target=kill)
    with lab.step("vote until the server is killed", rows=len(voters)):
        killer.start()
        answers = voters.vote(meeting, resolution.id, forms, everybody, choose, on_answer=on_answer, tries=1)
        killer.join()
    broken = [answer.place for answer in answers if not answer.status]
    assert broken, "the server was killed after everybody had voted"
    kept = check_kept(lab, resolution, acknowledged)
    server.start()
    with lab.step("the others vote on the new server", rows=len(broken)):
        again = voters.vote(meeting, resolution.id, forms, broken, choose)
    assert {answer.status for answer in again} <= {TAKEN, REFUSED}, count_statuses(again)
    refused = sum(answer.status == REFUSED for answer in again)
    # Who was cut off between the commit and the answer has voted, and is told so.
    assert refused == kept - len(acknowledged), (refused, kept, len(acknowledged))
    taken = acknowledged + [answer for answer in again if answer.status == TAKEN]
    check_counted(lab, resolution, taken, len(voters), without_receipt=refused)


def check_kept(lab, resolution, acknowledged):
    """Every acknowledged ballot is in the box right after the crash; how many votes there are."""
    lab.cr.rollback()
    ballots = resolution.env["kmp.meeting.ballot"]
    receipts = {ballots._get_receipt(resolution, answer.token) for answer in acknowledged}
    rows = resolution.env.execute_query(
        SQL("SELECT receipt FROM kmp_meeting_ballot WHERE resolution_id = %s", resolution.id)
    )
    lost = receipts - {receipt for (receipt,) in rows}
    assert not lost, f"{len(lost)} acknowledged ballots are lost"
    [[voters]] = resolution.env.execute_query(
        SQL("SELECT COUNT(*) FROM kmp_meeting_voter WHERE resolution_id = %s", resolution.id)
    )
    assert voters == len(rows), (voters, len(rows))
    lab.cr.rollback()
    return voters


def check_counted(lab, resolution, taken, members, without_receipt=0):
    """One voter and one ballot a member, each receipt finds the own choice, and the count is theirs."""
    lab.cr.rollback()
    resolution.env.invalidate_all()
    with lab.step("count", rows=members):
        resolution.action_close_vote()
        lab.commit()
    assert resolution.voter_count == members, resolution.voter_count
    for answer in taken:
        ballot = resolution._find_ballot(answer.token)
        assert ballot.choice == choose(answer.place), (answer.place, ballot.choice)
    assert len(taken) + without_receipt == members, (len(taken), without_receipt)
    counted = {side: sum(count[side] for count in resolution.tally["counts"]) for side in CHOICES}
    expected = {side: sum(choose(place) == side for place in range(members)) for side in CHOICES}
    assert counted == expected, (counted, expected)


def record_percentile(lab, name, answers, limit=None):
    seconds = percentile([answer.seconds for answer in answers], 0.95)
    lab.record(Step(name, rows=len(answers), seconds=seconds, limit=limit, peak=0))


def count_statuses(answers):
    return {
        status: sum(answer.status == status for answer in answers)
        for status in {answer.status for answer in answers}
    }
