"""A spreadsheet of 100,000 members with their opening capital: the dry run and the import together in under 5 minutes."""

import base64
import io
from datetime import date
from typing import NamedTuple

import xlsxwriter

from .cooperative import OFFICER, OPENING_CODE, set_up
from .worker import second_worker


class Size(NamedTuple):
    members: int


FULL = Size(100_000)
SMALL = 0.003
CHECK_SECONDS, IMPORT_SECONDS = 60, 240
HEADING = (
    "number", "name", "class", "date_start", "national_id", "birth_place", "birth_date", "sex", "occupation",
    "email", "phone", "street", "city", "SP", "SW",
)  # fmt: skip
CLASSES = ("CNS", "PRD", "WRK", "INV")
TODAY = date(2025, 1, 1)


def run(lab, size):
    cooperative = set_up(lab)
    with lab.step("write the spreadsheet", rows=size.members):
        content = spreadsheet(size.members)
    env = lab.as_user(OFFICER)
    members = env["kmp.membership.import"].create(
        {
            "file": base64.b64encode(content),
            "file_name": "members.xlsx",
            "date": TODAY,
            "account_id": env["account.account"].sudo().search([("code", "=", OPENING_CODE)]).id,
        }
    )
    lab.commit()
    with lab.step("dry run", rows=size.members, limit=CHECK_SECONDS):
        members.action_check()
        lab.commit()
    assert members.state == "checked", members.problems
    # What the server does in the background, where there are many: two of its workers.
    with (
        second_worker(lab.cr.dbname, members._name) as begin,
        lab.step("import with opening capital, two workers", rows=size.members, limit=IMPORT_SECONDS),
    ):
        members.action_import()
        lab.commit()
        begin()
        lab.as_user("__system__")[members._name]._cron_process()
    members.invalidate_recordset()
    assert members.state == "done", members.problems
    check(env, cooperative, size)


def check(env, cooperative, size):
    """Every member, and every rupiah of the spreadsheet, is in the register."""
    members = env["kmp.membership"].search_count(
        [("company_id", "=", cooperative.company.id), ("state", "=", "active")]
    )
    capital = sum(cooperative.share_types._get_totals(TODAY).values())
    expected = size.members * 100_000 + sum(place * 100 for place in range(size.members))
    assert (members, capital) == (size.members, expected), (members, capital, expected)


def spreadsheet(count):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("members")
        sheet.write_row(0, 0, HEADING)
        for place in range(count):
            sheet.write_row(place + 1, 0, row(place))
    return buffer.getvalue()


def row(place):
    return (
        f"A-{place:07}", f"Anggota {place}", CLASSES[place % 4], date(2020, 1 + place % 12, 1), f"32{place:014}",
        "Garut", date(1980, 1 + place % 12, 3), "LP"[place % 2], "Petani",
        f"anggota{place}@example.com", f"08{place:09}", f"Jl. Mawar {place}", "Garut", 100_000, place * 100,
    )  # fmt: skip
