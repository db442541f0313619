"""The register of 200,000 members with the balances of 5 share types at a date over 5,000,000 journal items, and a member's page.

The floor is the bare sums: what PostgreSQL needs for partner, account and sum, without a member's name.
"""

import tempfile
from pathlib import Path
from typing import NamedTuple

from odoo.tools import SQL

from .cooperative import OFFICER, add_members, set_up
from .ledger import LAST_DAY, add_share_items


class Size(NamedTuple):
    members: int
    items: int


FULL = Size(200_000, 5_000_000)
SMALL = 0.002
REGISTER_SECONDS, TIMES_FLOOR = 8, 1.3
PAGE_SECONDS = 0.3
WORKBOOK_MEMORY = 150  # MB, whatever the number of members


def run(lab, size):
    cooperative = set_up(lab)
    with lab.step("build the members", rows=size.members):
        first = add_members(lab, cooperative, size.members)
    with lab.step("build the ledger", rows=size.items):
        add_share_items(lab, cooperative, first, size.members, size.items)
    measure_register(lab, cooperative, size)
    measure_page(lab, first)
    measure_workbook(lab, cooperative, size)


def measure_register(lab, cooperative, size):
    env = lab.as_user(OFFICER)
    register = env["report.kmp_membership.member_register"]
    request = env["kmp.document.wizard"].create(
        {"document": "member_register", "date": LAST_DAY, "has_balances": True}
    )
    env.flush_all()
    bare = {}
    floor = lab.record(lab.fastest(2, "bare sums", lambda: bare_sums(lab, cooperative, bare)))
    listed = []
    lab.record(
        lab.fastest(
            2,
            "register with balances",
            lambda: read_register(register, request, listed),
            limit=REGISTER_SECONDS,
            floor=floor,
            ratio=TIMES_FLOOR,
        )
    )
    assert len(listed) == size.members
    assert sum(sum(row.balances) for row in listed) == bare["total"], "the register and the ledger differ"


def bare_sums(lab, cooperative, found):
    lab.cr.execute(
        SQL(
            """SELECT partner_id, account_id, -SUM(balance) FROM account_move_line
                WHERE account_id = ANY(%s) AND company_id = %s AND parent_state = 'posted' AND date <= %s GROUP BY 1, 2""",
            cooperative.share_types.account_id.ids,
            cooperative.company.id,
            LAST_DAY,
        )
    )
    rows = lab.cr.fetchall()
    found["total"] = sum(int(balance) for _partner, _account, balance in rows)
    return len(rows)


def read_register(register, request, listed):
    listed[:] = register._iter_rows(request)
    return len(listed)


def measure_page(lab, member):
    """What the server does when the page opens: the form's own fields, as the web client asks for them."""
    env = lab.as_user(OFFICER)
    page = env["kmp.membership"].get_views([(False, "form")])["models"]["kmp.membership"]["fields"]
    names = {
        name: {"fields": {"display_name": {}}} if page[name]["type"].endswith("2many") else {}
        for name in page
    }

    def open_page():
        env.invalidate_all()
        env["kmp.membership"].browse(member.id).web_read(names)
        return 1

    lab.record(lab.fastest(3, "page of a member", open_page, limit=PAGE_SECONDS / lab.scale))


def measure_workbook(lab, cooperative, size):
    env = lab.as_user(OFFICER)
    request = env["kmp.document.wizard"].create(
        {"document": "member_register", "date": LAST_DAY, "has_balances": True}
    )
    report = env.ref("kmp_membership.member_register_xlsx_report")
    with lab.step("workbook of the register", rows=size.members, memory=WORKBOOK_MEMORY):
        content, _kind = report._render(report.report_name, request.ids)
    with tempfile.TemporaryDirectory() as folder:
        assert Path(folder, "register.xlsx").write_bytes(content)
