from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome, Pair
from .tie_out import LINKED, LISTED


class TieOutRegister(models.AbstractModel):
    """Invariant I1: what the members' books of shares hold per share type is the balance of its account, at the end of the year.

    Query budget: one, and one more where they differ.
    """

    _name = "kmp.audit.tie.out.register"
    _description = "Register of shares = ledger, per share type"
    _inherit = "kmp.audit.tie.out"

    _place = 20

    def _examine(self, audit):
        rows = self._read_balances(audit)
        types = self.env["kmp.share.type"].browse(row[0] for row in rows)
        if not rows:
            return Outcome(is_nothing=True, note=self.env._("There are no share types."))
        pairs = [
            Pair(share_type.name, Decimal(register), Decimal(ledger))
            for share_type, (_id, register, ledger) in zip(types, rows, strict=True)
        ]
        strangers = self._find_strangers(audit) if any(pair.difference for pair in pairs) else []
        return Outcome(
            pairs=pairs,
            findings=[self._describe(*row[1:]) for row in strangers[:LISTED]],
            count=len(strangers),
            note=self.env._("%(count)s share types", count=len(pairs)),
            model="account.move.line",
            domain=[("id", "in", [row[0] for row in strangers])]
            if strangers
            else self._get_shares_domain(audit, types),
        )

    def _get_shares_domain(self, audit, types):
        return [
            ("company_id", "=", audit.company_id.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", str(audit.date_to)),
            ("account_id", "in", types.account_id.ids),
        ]

    def _read_balances(self, audit):
        """(share type, what the books of the members sum to, what its account holds) at the end of the year."""
        return self.env.execute_query(
            SQL(
                """
                SELECT type.id, COALESCE(register.amount, 0)::text, COALESCE(ledger.amount, 0)::text
                  FROM kmp_share_type type
             LEFT JOIN (SELECT share_type_id, SUM(amount) AS amount FROM (%(register)s) item
                         WHERE company_id = %(company)s AND date <= %(date)s GROUP BY 1) register
                    ON register.share_type_id = type.id
             LEFT JOIN (SELECT account_id, -SUM(balance) AS amount FROM account_move_line
                         WHERE company_id = %(company)s AND date <= %(date)s AND parent_state = 'posted'
                           AND account_id IN (SELECT account_id FROM kmp_share_type WHERE company_id = %(company)s)
                         GROUP BY 1) ledger ON ledger.account_id = type.account_id
                 WHERE type.company_id = %(company)s
                 ORDER BY type.sequence, type.id
                """,
                register=self.env["kmp.share.ledger"]._table_query,
                company=audit.company_id.id,
                date=audit.date_to,
            )
        )

    def _find_strangers(self, audit):
        """(id, entry, partner, amount) of items on share accounts that are no member's."""
        return self.env.execute_query(
            SQL(
                """
                SELECT item.id, item.move_name, partner.name, (-item.balance)::text
                  FROM account_move_line item
                  JOIN kmp_share_type type ON type.account_id = item.account_id AND type.company_id = item.company_id
             LEFT JOIN res_partner partner ON partner.id = item.partner_id
                 WHERE item.company_id = %(company)s AND item.date <= %(date)s AND item.parent_state = 'posted'
                   AND NOT EXISTS (SELECT 1 FROM kmp_membership member
                                    WHERE member.partner_id = item.partner_id AND member.company_id = item.company_id)
                 ORDER BY item.date, item.id LIMIT %(limit)s
                """,
                company=audit.company_id.id,
                date=audit.date_to,
                limit=LINKED,
            )
        )

    def _describe(self, entry, partner, amount):
        return self.env._(
            "%(entry)s: %(amount)s of %(partner)s, who is no member",
            entry=entry,
            amount=self._format(amount),
            partner=partner or self.env._("nobody"),
        )
