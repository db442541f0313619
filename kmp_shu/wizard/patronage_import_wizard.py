import base64
import binascii
import csv
import io

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.patronage_import import RejectedRowsError


class KmpPatronageImportWizard(models.TransientModel):
    """Asks for a file of business; imports it, or lists every row that has to be mended."""

    _name = "kmp.patronage.import.wizard"
    _description = "Import business"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    basis_ids = fields.Many2many(
        "kmp.patronage.basis",
        string="Counts For",
        required=True,
        domain="[('company_id', '=', company_id), ('source', '=', 'kmp.patronage.source.imported')]",
    )
    file = fields.Binary(required=True, attachment=False)
    file_name = fields.Char()
    problems = fields.Text(readonly=True)
    reject_file = fields.Binary("Rejected Rows", readonly=True, attachment=False)
    reject_file_name = fields.Char(readonly=True)

    def action_import(self):
        self.ensure_one()
        try:
            stream = io.BytesIO(base64.b64decode(self.file, validate=False))
        except binascii.Error as error:
            raise UserError(self.env._("%s is not a file.", self.file_name)) from error
        try:
            batch = self.env["kmp.patronage.import"]._import_file(
                stream, self.file_name or self.env._("file"), self.basis_ids
            )
        except RejectedRowsError as rejected:
            return self._show_rejected(rejected)
        return {
            "type": "ir.actions.act_window",
            "res_model": batch._name,
            "res_id": batch.id,
            "view_mode": "form",
        }

    def _show_rejected(self, rejected):
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([self.env._("Row"), self.env._("Reason")])
        writer.writerows(rejected.rows)
        self.write(
            {
                "problems": str(rejected),
                "reject_file": base64.b64encode(text.getvalue().encode("utf-8-sig")),
                "reject_file_name": self.env._("rejected-rows.csv"),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import business"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
