from odoo import models
from odoo.tools import SQL, format_date

from odoo.addons.kmp_shu.engine.canonical import NEWLINE, TAB, digest
from odoo.addons.kmp_shu.sql.canonical import number

FORMAT = ("kmp-shu-loss", "1")


class KmpShuLoss(models.Model):
    """How a loss is borne is decided like a surplus: the resolution names the hash of its lines. A reversal needs no resolution."""

    _name = "kmp.shu.loss"
    _inherit = ["kmp.shu.loss", "kmp.shu.resolution.number"]

    def write(self, vals):
        if "resolution_id" in vals:
            self._check_state("draft", "proposed", "approved")
        return super().write(vals)

    def _check_postable(self):
        self._check_resolved()
        return super()._check_postable()

    def _check_has_hash(self):
        self._check_state("draft", "proposed", "approved")
        return super()._check_has_hash()

    def _get_subject_hash(self):
        """Of the year and of who bears which part of its loss."""
        records = [FORMAT, ("period", self.date_from.isoformat(), self.date_to.isoformat())]
        records += [("line", *row) for row in self._read_subject_lines()]
        lines = [TAB.join(record) for record in records]
        return digest((NEWLINE.join(lines) + NEWLINE).encode()) if self.line_ids else ""

    def _read_subject_lines(self):
        """(kind, class code, account code, amount) of each line, as texts, in order."""
        self.line_ids.flush_recordset()
        codes = {line.id: line.account_id.with_company(self.company_id).code for line in self.line_ids}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.kind, COALESCE(class.code, ''), (%s)::text
                  FROM kmp_shu_loss_line line LEFT JOIN kmp_stakeholder_class class ON class.id = line.class_id
                 WHERE line.loss_id = %s ORDER BY line.sequence, line.id
                """,
                number(SQL("COALESCE(line.amount, 0)")),
                self.id,
            )
        )
        return [(kind, class_code, codes[line], amount) for line, kind, class_code, amount in rows]

    def _get_subject_words(self):
        return self.env._(
            "The meeting decides that the loss of the year from %(date_from)s to %(date_to)s, %(amount)s, is borne as written under the "
            "hash that is given here.",
            date_from=format_date(self.env, self.date_from),
            date_to=format_date(self.env, self.date_to),
            amount=self.currency_id.format(self.amount),
        )
