"""Journal items by the million: one entry by Odoo, the others like it by SQL."""

from datetime import date

from odoo import Command
from odoo.tools import SQL

from .cooperative import OPENING_CODE
from .rows import clone, without_indexes

ITEMS_OF_ENTRY = 1000
FIRST_DAY, DAYS = date(2021, 1, 1), 1461
LAST_DAY = date(2024, 12, 31)


def add_share_items(lab, cooperative, first_member, members, count):
    """``count`` posted items of all members on all share accounts, over four years, in balanced entries of a thousand."""
    env = cooperative.company.env
    entry = first_entry(env, cooperative, first_member)
    env.flush_all()
    entries = -(-count // ITEMS_OF_ENTRY)
    moves = clone(
        env,
        entry,
        entries,
        name=SQL("'UM/2024/' || LPAD(i::text, 7, '0')"),
        sequence_number=SQL("i"),
        date=day(SQL("i")),
    )
    item, counterpart = entry.line_ids.sorted("balance")
    accounts = cooperative.share_types.account_id.ids
    move = SQL("((i - 1) / %s + 1)", ITEMS_OF_ENTRY)
    amount = SQL("(1000 * (i %% 7 + 1))::numeric")
    partners = [
        partner_id
        for (partner_id,) in env.execute_query(SQL("SELECT partner_id FROM kmp_membership ORDER BY id"))
    ]
    with without_indexes(env, "account_move_line"):
        clone(
            env,
            item,
            count,
            move_id=SQL("%s + %s", moves, move),
            date=day(move),
            partner_id=SQL("(%s::int[])[i %% %s + 1]", partners, members),
            account_id=SQL("(%s::int[])[(i / %s) %% %s + 1]", accounts, members, len(accounts)),
            **amounts(SQL("(-%s)", amount)),
        )
        clone(
            env,
            counterpart,
            entries,
            move_id=SQL("%s + i", moves),
            date=day(SQL("i")),
            **amounts(
                SQL(
                    "(SELECT SUM(1000 * (n %% 7 + 1)) FROM generate_series((i - 1) * %s + 1, LEAST(i * %s, %s)) n)",
                    ITEMS_OF_ENTRY,
                    ITEMS_OF_ENTRY,
                    count,
                )
            ),
        )
    lab.commit()


def first_entry(env, cooperative, member):
    counterpart = env["account.account"].search([("code", "=", OPENING_CODE)])
    entry = env["account.move"].create(
        {
            "journal_id": cooperative.journal.id,
            "date": FIRST_DAY,
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


def day(place):
    return SQL("%s::date + (%s %% %s)::int", FIRST_DAY, place, DAYS)


def amounts(balance):
    return {
        "balance": balance,
        "amount_currency": balance,
        "debit": SQL("GREATEST(%s, 0)", balance),
        "credit": SQL("GREATEST(-(%s), 0)", balance),
    }
