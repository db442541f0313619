"""All statements of a year with 1,000,000 journal items of 10,000 members, beside the year before: read, checked, printed, on the screen.

The floor is the bare SQL that such statements cannot do without: the sums by account of both years, and the members' part of each.
"""

from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from .cooperative import OPENING_CODE
from .surplus_year import JOURNAL, YEAR, build_year


class Size(NamedTuple):
    members: int
    items: int


FULL = Size(10_000, 1_000_000)
SMALL = 0.003
ITEMS_OF_ENTRY = 3  # and one more, their counterpart
ALL_SECONDS, SCREEN_SECONDS, PRINT_SECONDS = 10, 20, 15
PERIODS = (("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31"))


def run(lab, size):
    with lab.step("build the year", rows=size.items):
        rows = size.items * ITEMS_OF_ENTRY // (ITEMS_OF_ENTRY + 1)
        year = build_year(lab, "statements", size.members, rows, JOURNAL, ITEMS_OF_ENTRY)
    place(lab, year)
    env = lab.as_user(year.accountant)
    company = env.company
    floor = lab.record(lab.fastest(2, "bare SQL", lambda: read_bare(lab, year)))
    statements = read(lab, env, company, floor)
    check(lab, env, company, statements)
    wizard = env["kmp.statement.wizard"].create({"kind": "all", **YEAR})
    show(lab, env, wizard)
    printing = env["report.kmp_reports.statement"]
    with lab.step("print, without its PDF", limit=PRINT_SECONDS):
        printing._get_report_values(wizard.ids)


def place(lab, year):
    """What `build_year` pays in comes from an account that no setting knows; the members' business is income."""
    env = year.run.env(user=lab.as_server().user)
    accounts = env["account.account"].search(
        [("code", "=", OPENING_CODE), ("company_ids", "=", year.run.company_id.id)]
    )
    accounts.tag_ids = env.ref("kmp_reports.place_grant")
    year.run.scheme_id.sudo().line_ids.basis_id.is_participation = True
    lab.cr.execute("ANALYZE account_move, account_move_line")
    lab.commit()


def read_bare(lab, year):
    company = year.run.company_id.id
    for date_from, date_to in PERIODS:
        lab.cr.execute(
            SQL(
                """
                SELECT account_id, SUM(debit) FILTER (WHERE date < %(begin)s), SUM(credit) FILTER (WHERE date < %(begin)s),
                       SUM(debit) FILTER (WHERE date >= %(begin)s), SUM(credit) FILTER (WHERE date >= %(begin)s)
                  FROM account_move_line
                 WHERE company_id = %(company)s AND parent_state = 'posted' AND date <= %(end)s
                 GROUP BY account_id
                """,
                company=company,
                begin=date_from,
                end=date_to,
            )
        )
        lab.cr.execute(
            SQL(
                """
                SELECT -SUM(line.balance)
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN kmp_membership membership
                    ON membership.partner_id = line.partner_id AND membership.company_id = line.company_id
                 WHERE line.company_id = %s AND line.parent_state = 'posted' AND line.date BETWEEN %s AND %s
                   AND account.account_type = 'income'
                """,
                company,
                date_from,
                date_to,
            )
        )
    return year.rows


def read(lab, env, company, floor):
    found = {}

    def work():
        found.update(env["kmp.statement"]._read_all(company, *YEAR.values()))

    step = lab.fastest(2, "all statements, two years", work, floor=floor, limit=ALL_SECONDS)
    lab.record(step)
    return found


def check(lab, env, company, statements):
    """The amounts are those of the ledger, and nothing is wrong."""
    with lab.step("what is wrong with them", limit=ALL_SECONDS):
        problems = env["kmp.statement"]._check(company, *YEAR.values())
    assert problems == [], problems
    lab.cr.execute(
        SQL(
            """
            SELECT SUM(line.balance)::text FROM account_move_line line JOIN account_account account ON account.id = line.account_id
             WHERE line.company_id = %s AND parent_state = 'posted' AND date <= %s AND account_type LIKE 'asset%%'
            """,
            company.id,
            YEAR["date_to"],
        )
    )
    [[assets]] = lab.cr.fetchall()
    assert statements["position"].amount("total_assets") == Decimal(assets or 0)


def show(lab, env, wizard):
    """Each statement as MIS Builder computes it for the screen, one after the other."""
    instances = {kind: wizard._get_instance(kind) for kind in wizard._get_kinds()}
    lab.commit()
    with lab.step("on the screen, one after the other", limit=SCREEN_SECONDS):
        for instance in instances.values():
            instance.compute()
    env.invalidate_all()
