from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome, Pair
from ..sql.ledger import period
from .tie_out import LINKED, LISTED


class TieOutBalance(models.AbstractModel):
    """Debit equals credit in the year and in each entry, and each item stands in its entry's date, status and company.

    Odoo keeps date and status on the item, too, and every report reads them there. Query budget: two.
    """

    _name = "kmp.audit.tie.out.balance"
    _description = "Debit = credit, in every entry"
    _inherit = "kmp.audit.tie.out"

    _place = 10

    def _examine(self, audit):
        [[debit, credit, items]] = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(debit), 0)::text, COALESCE(SUM(credit), 0)::text, COUNT(*)
                     FROM account_move_line item WHERE %s""",
                period(audit),
            )
        )
        found = self._find_entries(audit)
        return Outcome(
            pairs=[Pair(self.env._("Debit and credit of the year"), Decimal(debit), Decimal(credit))],
            findings=[self._describe(*row) for row in found[:LISTED]],
            count=len(found),
            note=self.env._("%(count)s items", count=items),
            model="account.move",
            domain=[("id", "in", [row[0] for row in found])] if found else self._get_moves_domain(audit),
        )

    def _find_entries(self, audit):
        """(id, name, balance, torn items) of at most LINKED entries of the year that are not whole."""
        return self.env.execute_query(
            SQL(
                """
                SELECT move.id, move.name, SUM(item.balance)::text,
                       COUNT(*) FILTER (WHERE item.parent_state <> move.state OR item.date <> move.date
                                           OR item.company_id <> move.company_id)
                  FROM account_move move JOIN account_move_line item ON item.move_id = move.id
                 WHERE move.company_id = %s AND move.state = 'posted' AND move.date BETWEEN %s AND %s
                 GROUP BY move.id
                HAVING SUM(item.balance) <> 0 OR SUM(item.debit - item.credit - item.balance) <> 0
                    OR BOOL_OR(item.parent_state <> move.state OR item.date <> move.date OR item.company_id <> move.company_id)
                 ORDER BY move.id LIMIT %s
                """,
                audit.company_id.id,
                audit.date_from,
                audit.date_to,
                LINKED,
            )
        )

    def _describe(self, _move, name, balance, torn):
        if Decimal(balance):
            return self.env._(
                "%(entry)s does not balance: %(balance)s more debit than credit.",
                entry=name,
                balance=self._format(balance),
            )
        return self.env._(
            "%(entry)s: %(count)s items have another date, status, company or sign than the entry.",
            entry=name,
            count=torn,
        )
