from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome
from .tie_out import LINKED, LISTED


class TieOutNowhere(models.AbstractModel):
    """Documents that count nowhere: drafts of the year, and entries that were numbered and then cancelled.

    Query budget: one.
    """

    _name = "kmp.audit.tie.out.nowhere"
    _description = "Documents that count nowhere"
    _inherit = "kmp.audit.tie.out"

    _place = 100

    def _examine(self, audit):
        rows = self._find(audit)
        entries = [row[1] for row in rows if row[0] != "operation"]
        operations = [row[1] for row in rows if row[0] == "operation"]
        return Outcome(
            findings=[self._describe(*row) for row in rows[:LISTED]],
            count=len(rows),
            note=self.env._("No drafts, and no number of a cancelled entry"),
            model="account.move" if entries or not operations else "kmp.share.operation",
            domain=self._get_domain(audit, entries, operations),
        )

    def _get_domain(self, audit, entries, operations):
        if entries or operations:
            return [("id", "in", entries or operations)]
        return [("company_id", "=", audit.company_id.id), ("state", "!=", "posted")]

    def _find(self, audit):
        """(kind, id, what it is called, date, amount) of drafts and cancelled entries, and of drafts of share operations."""
        return self.env.execute_query(
            SQL(
                """
                SELECT move.state, move.id, COALESCE(NULLIF(move.name, '/'), move.ref, partner.name), move.date,
                       TRIM_SCALE(COALESCE((SELECT SUM(debit) FROM account_move_line WHERE move_id = move.id), 0))::text
                  FROM account_move move LEFT JOIN res_partner partner ON partner.id = move.partner_id
                 WHERE move.company_id = %(company)s AND move.date BETWEEN %(date_from)s AND %(date_to)s
                   AND (move.state = 'draft' OR (move.state = 'cancel' AND move.sequence_number > 0 AND move.posted_before))
                 UNION ALL
                SELECT 'operation', operation.id, partner.name, operation.date, TRIM_SCALE(operation.amount)::text
                  FROM kmp_share_operation operation
                  JOIN kmp_membership member ON member.id = operation.membership_id
                  JOIN res_partner partner ON partner.id = member.partner_id
                 WHERE operation.company_id = %(company)s AND operation.state = 'draft'
                   AND operation.date BETWEEN %(date_from)s AND %(date_to)s
                 ORDER BY 4, 2 LIMIT %(limit)s
                """,
                company=audit.company_id.id,
                date_from=audit.date_from,
                date_to=audit.date_to,
                limit=LINKED,
            )
        )

    def _describe(self, kind, record, name, date, amount):
        values = {"name": name or f"#{record}", "date": date, "amount": self._format(amount)}
        if kind == "draft":
            return self.env._("Draft entry %(name)s of %(date)s, %(amount)s", **values)
        if kind == "cancel":
            return self.env._("Cancelled entry %(name)s of %(date)s, %(amount)s", **values)
        return self.env._("Draft share operation of %(name)s of %(date)s, %(amount)s", **values)
