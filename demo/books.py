"""Posted journal entries of the ordinary kind: many items against the bank, or a pair."""

from odoo import Command


def post(env, journal, entries):
    """Create and post ``(day, reference, items)``, each a list of item values; the entries.

    An item is ``{"account_id", "balance"}`` and what else it needs, in whole rupiah.
    """
    moves = env["account.move"].create(
        [
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": day,
                "ref": reference,
                "line_ids": [
                    # Without it Odoo looks for a distribution, which costs a quarter of the time.
                    Command.create({"name": reference, "analytic_distribution": {}, **item})
                    for item in items
                ],
            }
            for day, reference, items in entries
        ]
    )
    moves._post(soft=False)
    return moves


def pair(debit, credit, amount):
    return [{"account_id": debit.id, "balance": amount}, {"account_id": credit.id, "balance": -amount}]
