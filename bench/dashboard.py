"""The dashboard of 100,000 members over 1,000,000 journal items: each card, and all of them as the page asks for them.

The floor is one pass over all posted items, by account: what no figure of the ledger can do without.
"""

from typing import NamedTuple

from odoo.tools import SQL

from .surplus_year import JOURNAL, build_year


class Size(NamedTuple):
    members: int
    items: int


FULL = Size(100_000, 1_000_000)
SMALL = 0.003
CARD_SECONDS, PAGE_SECONDS = 2, 3


def run(lab, size):
    with lab.step("build the year", rows=size.items):
        year = build_year(lab, "dashboard", size.members, size.items, JOURNAL)
        year.run.scheme_id.sudo().line_ids.basis_id.is_participation = True
        lab.commit()
    floor = lab.record(lab.fastest(2, "bare sums", lambda: bare_sums(lab)))
    dashboard = lab.as_user(year.accountant)["kmp.dashboard"]
    cards = dashboard.get_overview()["cards"]
    for name in cards:
        step = lab.fastest(
            2, f"card {name}", lambda name=name: open_card(dashboard, name), limit=CARD_SECONDS
        )
        lab.record(step)
    with lab.step("all cards", rows=size.items, limit=PAGE_SECONDS, floor=floor):
        for name in cards:
            open_card(dashboard, name)


def open_card(dashboard, name):
    dashboard.env.invalidate_all()
    card = dashboard.get_card(name)
    return len(card["chart"]["series"]) if card["chart"] else 0


def bare_sums(lab):
    lab.cr.execute(
        SQL("SELECT account_id, SUM(balance) FROM account_move_line WHERE parent_state = 'posted' GROUP BY 1")
    )
    return len(lab.cr.fetchall())
