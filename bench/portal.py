"""A member's own pages at 200,000 members: 400,000 payments of shares, 1,000,000 lines of business, as many open dues as members.

Plain HTTP to a server with workers, as a phone asks: from the first byte sent to the last one read. The same pages hold for everybody, so
what they cost must not depend on how many members there are.
"""

from datetime import date, timedelta
from typing import NamedTuple

from odoo import Command, fields
from odoo.tools import SQL

from .ballots import add_users
from .cooperative import FOUNDED
from .rows import clone, without_indexes
from .server import Server
from .surplus import work
from .surplus_year import JOURNAL, YEAR, build_year
from .voters import Voters


class Size(NamedTuple):
    members: int
    items: int


FULL = Size(200_000, 1_000_000)
SMALL = 0.002
WORKERS, TIMES = 2, 5
PAGE_SECONDS = 0.3
DUES = {"date_from": date(2025, 1, 1), "date_to": date(2025, 1, 31), "date": date(2025, 1, 1)}
PAGES = {
    "home": "/my",
    "membership": "{membership}",
    "capital": "{membership}/capital",
    "dues": "{membership}/dues",
    "business": f"{{membership}}/business?year={YEAR['date_to'].year}",
    "documents behind it": f"{{membership}}/business/{{basis}}?year={YEAR['date_to'].year}",
    "surplus": "{membership}/surplus",
    "share": "{membership}/surplus/{share}",
    "proof": "/kmp_shu/proof/{share}",
    "documents": "{membership}/documents",
    "requests": "{membership}/requests",
    "new request": "{membership}/requests/new/deposit",
    "meetings": "/my/meetings",
    "meeting with an open vote": "/my/meeting/{meeting}",
    "application": "/membership/apply/{company}",
}


def run(lab, size):
    year = build(lab, size)
    admin = as_admin(lab, year)
    member = admin["kmp.membership"].search([("company_id", "=", admin.company.id)], order="id", limit=1)
    share = year.run.share_ids.sudo().filtered(lambda each: each.membership_id == member)
    meeting = hold_meeting(lab, year)
    user = add_users(admin, admin.company, member, 1)
    admin.company.kmp_applications_open = True
    places = {
        "membership": f"/my/membership/{member.id}",
        "basis": year.run.scheme_id.line_ids.basis_id.id,
        "share": share.id,
        "meeting": meeting.id,
        "company": admin.company.id,
    }
    lab.commit()
    with Server(lab.cr.dbname, WORKERS) as server:
        visitor = Voters(server, user, clients=1)
        lab.commit()
        for name, address in PAGES.items():
            open_page(lab, visitor, name, address.format_map(places))


def as_admin(lab, year):
    """Who may enter members, users and settings, at work in the company of the year."""
    env = lab.as_user("admin")
    return env(context=dict(env.context, allowed_company_ids=year.run.company_id.ids, tracking_disable=True))


def build(lab, size):
    """A year that is approved, so that its shares and proofs are the members' to read; and dues of everybody."""
    with lab.step("build the year", rows=size.items):
        year = build_year(lab, "portal", *size, JOURNAL)
    with lab.step("distribute", rows=size.members):
        year.run.action_compute()
        work(lab)
        officer_run = year.run.with_env(lab.as_user(year.officer))
        officer_run.write({"resolution": "07/RAT/2025"})
        officer_run.action_approve()
        lab.commit()
    with lab.step("bill dues", rows=size.members):
        bill_everybody(lab, year, size.members)
    return year


def bill_everybody(lab, year, members):
    """One member by Odoo, in a class alone; all others by SQL."""
    env = as_admin(lab, year)
    company = env.company
    only = env["kmp.stakeholder.class"].create({"code": "ONE", "name": "ONE", "company_id": company.id})
    compulsory = env["kmp.share.type"].search([("company_id", "=", company.id), ("code", "=", "SW")])
    env["kmp.share.term"].create(
        {
            "class_id": only.id,
            "share_type_id": compulsory.id,
            "amount": 50_000,
            "frequency": "monthly",
            "date_from": FOUNDED,
        }
    )
    alone = env["kmp.membership"].create(
        {
            "company_id": company.id,
            "partner_id": env["res.partner"].create({"name": "Alone"}).id,
            "number": "Z-1",
            "state": "active",
            "date_start": FOUNDED,
            "period_ids": [Command.create({"class_id": only.id, "date_from": FOUNDED})],
        }
    )
    dues = lab.as_user(year.officer)["kmp.contribution.run"].create(DUES)
    dues.action_prepare()
    dues.action_bill()
    line = dues.line_ids.sudo().filtered(lambda each: each.membership_id == alone)
    assert line.state == "billed", line.state
    env.flush_all()
    nth = SQL("(SELECT ARRAY_AGG(id ORDER BY id) FROM kmp_membership WHERE company_id = %s)", company.id)
    partner = SQL(
        "(SELECT ARRAY_AGG(partner_id ORDER BY id) FROM kmp_membership WHERE company_id = %s)", company.id
    )
    with without_indexes(env, "account_move_line"):
        items = clone(env, line.move_line_id, members, partner_id=SQL("(%s)[i]", partner))
    with without_indexes(env, "kmp_contribution_line"):
        clone(
            env,
            line,
            members,
            membership_id=SQL("(%s)[i]", nth),
            move_line_id=SQL("%s + i", items),
        )
    lab.commit()


def hold_meeting(lab, year):
    """A meeting of everybody, with a secret vote open."""
    env = lab.as_user(year.officer)
    rule = env["kmp.voting.rule"].create({"name": "One member, one vote", "date_from": FOUNDED})
    rule.action_put_into_force()
    meeting = env["kmp.meeting"].create(
        {
            "name": "RAT",
            "rule_id": rule.id,
            "date": fields.Datetime.now() + timedelta(days=1),
            "allows_remote": True,
            "agenda_ids": [Command.create({"name": "The year"})],
            "resolution_ids": [Command.create({"name": "Accounts", "method": "secret"})],
        }
    )
    with lab.step("convene", rows=year.members):
        meeting.action_convene()
        lab.commit()
    number = env["kmp.meeting.roll"].search([("meeting_id", "=", meeting.id)], limit=1).number
    with lab.step("register one at the door", rows=1, limit=PAGE_SECONDS / lab.scale):
        assert meeting.register_attendance(number)["type"] == "success"
        lab.commit()
    meeting.action_open()
    meeting.resolution_ids.action_open_vote()
    lab.commit()
    return meeting


def open_page(lab, visitor, name, address):
    def ask():
        answer = visitor.open_page(0, address)
        assert answer.status == 200, (name, address, answer.status)
        return len(answer.text)

    ask()  # compiles the templates
    lab.record(lab.fastest(TIMES, f"page: {name}", ask, limit=PAGE_SECONDS / lab.scale))
