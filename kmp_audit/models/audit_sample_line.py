from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed


class KmpAuditSampleLine(models.Model):
    """An entry that was drawn, and what the auditor found. Which entry is the machine's; result and note are the auditor's."""

    _name = "kmp.audit.sample.line"
    _description = "Entry of an Audit Sample"
    _order = "sample_id, sequence, id"
    _rec_name = "move_id"

    sample_id = fields.Many2one(
        "kmp.audit.sample", required=True, readonly=True, ondelete="cascade", index=True
    )
    audit_id = fields.Many2one(related="sample_id.audit_id")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer("No.", readonly=True)
    stratum = fields.Char(readonly=True)
    move_id = fields.Many2one(
        "account.move", "Entry", required=True, readonly=True, ondelete="restrict", index=True
    )
    date = fields.Date(related="move_id.date")
    journal_id = fields.Many2one(related="move_id.journal_id")
    reference = fields.Char(related="move_id.ref", string="Reference")
    partner_id = fields.Many2one(related="move_id.partner_id")
    value = fields.Monetary(readonly=True, help="The sum of its debits when it was drawn.")
    hits = fields.Integer(readonly=True, help="How often it was drawn: of a sample by value, once per point.")
    is_key = fields.Boolean("Key Item", readonly=True, help="Taken for its value, not drawn.")
    result = fields.Selection(
        [("open", "To look at"), ("in_order", "In order"), ("exception", "Exception")],
        required=True,
        default="open",
    )
    note = fields.Text("Auditor's Note")

    def write(self, vals):
        if not is_unsealed(self.env):
            if set(vals) - {"result", "note"}:
                raise UserError(self.env._("Of a drawn entry only the result and the note can be written."))
            self.sample_id.audit_id._check_open()
        return super().write(vals)

    def action_open_entry(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
