from decimal import Decimal

from odoo import models

from odoo.addons.kmp_membership.report.document_xlsx import BASE

from ..outcome import FAILED

ALERT = {"font_color": "#B02A37", "bold": True, "text_wrap": True}


class TieOutXlsx(models.AbstractModel):
    """The tie-outs of an audit with both sides: a line for each pair of amounts, and one for each that has none."""

    _name = "report.kmp_audit.tie_out_xlsx"
    _description = "Sheet of Tie-outs"
    _inherit = "kmp.audit.xlsx"

    _widths = (44, 40, 20, 20, 18, 18, 21, 70)

    def _get_sheet_name(self, audit):
        return self.env._("Tie-outs %s", audit.id)

    def _get_title(self):
        return self.env._("TIE-OUTS")

    def _get_facts(self, audit):
        yield self._get_year(audit)
        yield self.env._("Auditor: %(name)s", name=audit.auditor_id.name)

    def _get_column_titles(self):
        return [
            self.env._("Tie-out"),
            self.env._("Of What"),
            self.env._("Books of the Co-operative"),
            self.env._("Ledger"),
            self.env._("Difference"),
            self.env._("Status"),
            self.env._("Checked On (UTC)"),
            self.env._("Result"),
        ]

    def _write_rows(self, workbook, sheet, audit):
        for kind in ("text", "number"):
            sheet.formats[f"alert_{kind}"] = workbook.add_format(BASE | sheet._get_styles()[kind] | ALERT)
        statuses = dict(audit.check_ids._fields["status"]._description_selection(self.env))
        for check in audit.check_ids:
            for row in self._prepare_rows(check, statuses[check.status]):
                self._write_row(sheet, row, "alert" if check.status == FAILED else None)
        self._filter(sheet)

    def _prepare_rows(self, check, status):
        """The result stands on the first row of a tie-out."""
        moment = str(check.checked_on or "")
        text = "\n".join(filter(None, [check.message, check.note]))
        pairs = check.pairs or [{"name": "", "left": None, "right": None, "difference": None}]
        for place, pair in enumerate(pairs):
            amounts = [pair[side] and Decimal(pair[side]) for side in ("left", "right", "difference")]
            yield [check.display_name, pair["name"], *amounts, status, moment, text if not place else ""]
