"""The list of shares of 200,000 members as a workbook, and the annual report of a co-operative of 2,500 members, book and workbook.

The report is built as in the background: its parts one after the other, each printed by wkhtmltopdf.
"""

from datetime import date
from typing import NamedTuple

from .surplus_year import IMPORTED, YEAR, build_year


class Size(NamedTuple):
    members: int
    listed: int


FULL = Size(2_500, 200_000)
SMALL = 0.01
BUSINESS_LINES = 20  # per member
LIST_SECONDS, LIST_MEMORY, PACK_SECONDS = 20, 150, 60


def run(lab, size):
    measure_list(lab, size.listed)
    measure_pack(lab, size.members)


def measure_list(lab, members):
    year = compute_year(lab, "list", members)
    report = lab.as_user(year.officer).ref("kmp_reports.action_report_shu_xlsx")
    with lab.step("list of shares as a workbook", rows=members, limit=LIST_SECONDS, memory=LIST_MEMORY):
        content, _kind = report._render(report.report_name, year.run.ids)
    assert content[:2] == b"PK", "no workbook"


def compute_year(lab, name, members):
    with lab.step(f"build the {name}'s books", rows=members):
        year = build_year(lab, name, members, BUSINESS_LINES * members, IMPORTED)
    run = year.run
    run._update_warnings().write({"reason": "A benchmark"})
    run.action_compute()
    while run._process_batch():  # a large one would wait for the cron
        pass
    lab.commit()
    return year


def measure_pack(lab, members):
    year = compute_year(lab, "pack", members)
    env = lab.as_user(year.officer)
    pack = env["kmp.rat.pack"].create({"date_to": YEAR["date_to"], "meeting_date": date(2025, 3, 1)})
    with lab.step("annual report: check its parts", rows=members):
        pack.action_check()
    with lab.step("annual report: book and workbook", rows=members, limit=PACK_SECONDS / lab.scale):
        pack.action_build()
        while pack._count_remaining():
            pack._process_batch()
            pack.invalidate_recordset()
    assert pack.state == "built"
    assert pack.book_file
    assert pack.workbook_file
