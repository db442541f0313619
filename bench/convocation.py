"""The convocation of 100,000 members by e-mail: the roll frozen at once, the mails written in the background."""

from typing import NamedTuple

from odoo import Command, fields
from odoo.tools import SQL

from .cooperative import OFFICER, add_members, set_up


class Size(NamedTuple):
    members: int


FULL = Size(100_000)
SMALL = 0.003
ROLL_SECONDS, MAIL_SECONDS = 20, 1_800


def run(lab, size):
    meeting = build(lab, size)
    with lab.step("convene, with the roll", rows=size.members, limit=ROLL_SECONDS):
        meeting.action_convene()
        lab.commit()
    with lab.step("write the mails", rows=size.members, limit=MAIL_SECONDS):
        meeting.action_send_convocation()
        lab.commit()
        # What the server does in the background, where there are many.
        lab.as_server()["kmp.meeting"]._cron_send_convocations()
    meeting.env.invalidate_all()
    assert not meeting.uninvited_count, meeting.halted
    check(lab, meeting, size)


def build(lab, size):
    cooperative = set_up(lab)
    first = add_members(lab, cooperative, size.members)
    lab.cr.execute("UPDATE res_partner SET email = name || '@example.com' WHERE name LIKE 'Anggota %'")
    lab.commit()
    env = lab.as_user(OFFICER)
    env.invalidate_all()
    rule = env["kmp.voting.rule"].create({"name": "One member, one vote", "date_from": first.date_start})
    rule.action_put_into_force()
    return env["kmp.meeting"].create(
        {
            "name": "RAT",
            "rule_id": rule.id,
            "date": fields.Datetime.add(fields.Datetime.now(), days=30),
            "agenda_ids": [Command.create({"name": "The year"})],
        }
    )


def check(lab, meeting, size):
    """Everybody has one mail."""
    [[mails, members]] = meeting.env.execute_query(
        SQL(
            """
            SELECT COUNT(*), COUNT(DISTINCT res_id) FROM mail_message
             WHERE model = 'kmp.meeting.roll' AND res_id IN (SELECT id FROM kmp_meeting_roll WHERE meeting_id = %s)
            """,
            meeting.id,
        )
    )
    assert (mails, members) == (size.members, size.members)
