"""Billing the dues of 10,000 members: prepared and posted in under 40 s. ``--scale 20`` bills 200,000.

The floor is the bare insertion of as many journal items: what no way of billing can do without.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from .cooperative import OFFICER, add_members, set_up
from .ledger import first_entry
from .rows import clone


class Size(NamedTuple):
    members: int


FULL = Size(10_000)
SMALL = 0.03
PREPARE_SECONDS, BILL_SECONDS = 4, 36
AMOUNT = 50_000
PERIOD = {"date_from": date(2025, 1, 1), "date_to": date(2025, 1, 31), "date": date(2025, 1, 1)}


def run(lab, size):
    cooperative = set_up(lab)
    with lab.step("build the members", rows=size.members):
        first = add_members(lab, cooperative, size.members)
    create_terms(cooperative)
    floor = measure_floor(lab, cooperative, first, size)
    env = lab.as_user(OFFICER)
    dues = env["kmp.contribution.run"].create(PERIOD)
    lab.commit()
    with lab.step("prepare", rows=size.members, limit=PREPARE_SECONDS):
        dues.action_prepare()
        lab.commit()
    with lab.step("bill and post", rows=size.members, limit=BILL_SECONDS, floor=floor):
        dues.action_bill()
        lab.commit()
        # What the server does in the background, where there are many.
        lab.as_user("__system__")["kmp.contribution.run"]._cron_process()
    check(env, dues, size)


def create_terms(cooperative):
    """A monthly contribution of every class."""
    compulsory = cooperative.share_types.filtered(lambda share_type: share_type.code == "SW")
    cooperative.company.env["kmp.share.term"].create(
        [
            {
                "class_id": stakeholder_class.id,
                "share_type_id": compulsory.id,
                "amount": AMOUNT,
                "frequency": "monthly",
                "date_from": date(2020, 1, 1),
            }
            for stakeholder_class in cooperative.classes
        ]
    )


def measure_floor(lab, cooperative, member, size):
    """Insert the items, and take them back."""
    entry = first_entry(cooperative.company.env, cooperative, member)
    lab.commit()
    with lab.step("bare insertion", rows=size.members) as floor:
        clone(cooperative.company.env, entry.line_ids[0], size.members)
    lab.cr.rollback()
    return floor


def check(env, dues, size):
    """Every member owes the amount, in the run and in the ledger."""
    env.invalidate_all()
    called = env.execute_query(
        SQL(
            "SELECT COUNT(DISTINCT partner_id), SUM(balance) FROM account_move_line WHERE account_id = %s AND parent_state = 'posted'",
            dues.receivable_account_id.id,
        )
    )[0]
    expected = (size.members, size.members * AMOUNT)
    assert dues.state == "billed", dues.state
    assert (dues.member_count, dues.amount_open) == expected, (dues.member_count, dues.amount_open)
    assert tuple(called) == expected, called
