"""Journal items by the million: one entry by Odoo, the others like it by SQL."""

from datetime import date
from typing import NamedTuple

from odoo import Command
from odoo.tools import SQL

from .cooperative import OPENING_CODE
from .rows import clone, without_indexes

ITEMS_OF_ENTRY = 1000
FIRST_DAY, DAYS = date(2021, 1, 1), 1461
LAST_DAY = date(2024, 12, 31)
STRIDE, RANGE = 7919, 99_991  # primes, so that amounts repeat late


def add_share_items(lab, cooperative, first_member, members, count):
    """``count`` posted items of all members on all share accounts, over four years."""
    accounts = cooperative.share_types.account_id
    add_items(lab, cooperative, first_member, members, count, accounts, Days(FIRST_DAY, DAYS))


def add_items(lab, cooperative, first_member, members, count, accounts, days, of_entry=ITEMS_OF_ENTRY):
    """``count`` posted credits of all members in turn, on ``accounts`` in turn, ``of_entry`` of them in each balanced entry."""
    env = cooperative.company.env
    entry = first_entry(env, cooperative, first_member, days.first)
    env.flush_all()
    entries = -(-count // of_entry)
    # Numbers as Odoo gives them, by month: it goes on from the last one.
    prefix = SQL("%s || to_char(%s, '/YYYY/MM/')", entry.journal_id.code, days.day(SQL("i")))
    number = SQL("%s + i", entry.sequence_number)
    moves = clone(
        env,
        entry,
        entries,
        name=SQL("%s || (%s)", prefix, number),
        sequence_prefix=prefix,
        sequence_number=number,
        date=days.day(SQL("i")),
    )
    item, counterpart = entry.line_ids.sorted("balance")
    move = SQL("((i - 1) / %s + 1)", of_entry)
    partners = SQL(
        "(SELECT ARRAY_AGG(partner_id ORDER BY id) FROM kmp_membership WHERE company_id = %s)",
        cooperative.company.id,
    )
    with without_indexes(env, "account_move_line"):
        clone(
            env,
            item,
            count,
            move_id=SQL("%s + %s", moves, move),
            date=days.day(move),
            partner_id=SQL("(%s)[i %% %s + 1]", partners, members),
            account_id=SQL("(%s::int[])[(i / %s) %% %s + 1]", accounts.ids, members, len(accounts)),
            **amounts(SQL("(-%s)", amount(SQL("i")))),
        )
        clone(
            env,
            counterpart,
            entries,
            move_id=SQL("%s + i", moves),
            date=days.day(SQL("i")),
            **amounts(
                SQL(
                    "(SELECT SUM(%s) FROM generate_series((i - 1) * %s + 1, LEAST(i * %s, %s)) n)",
                    amount(SQL("n")),
                    of_entry,
                    of_entry,
                    count,
                )
            ),
        )
    lab.commit()


def first_entry(env, cooperative, member, day=FIRST_DAY):
    counterpart = env["account.account"].search(
        [("code", "=", OPENING_CODE), ("company_ids", "in", cooperative.company.ids)]
    )
    entry = env["account.move"].create(
        {
            "journal_id": cooperative.journal.id,
            "date": day,
            "line_ids": [
                Command.create(
                    {
                        "account_id": account.id,
                        "partner_id": partner.id,
                        "balance": balance,
                        "name": "Setoran",
                    }
                )
                for account, partner, balance in (
                    (cooperative.share_types[0].account_id, member.partner_id, -1000),
                    (counterpart, env["res.partner"], 1000),
                )
            ],
        }
    )
    entry.action_post()
    return entry


class Days(NamedTuple):
    first: date
    count: int

    def day(self, place):
        return SQL("%s::date + (%s %% %s)::int", self.first, place, self.count)


def amount(place):
    """Of the item at a place: rupiah, hardly two alike."""
    return SQL("(1000 + %s::bigint * %s %% %s)::numeric", place, STRIDE, RANGE)


def amounts(balance):
    return {
        "balance": balance,
        "amount_currency": balance,
        "debit": SQL("GREATEST(%s, 0)", balance),
        "credit": SQL("GREATEST(-(%s), 0)", balance),
    }
