from odoo import api, fields, models
from odoo.exceptions import UserError


class MembershipStepWizard(models.TransientModel):
    """Ask for the date, the resolution and the reason of a step, then take it."""

    _name = "kmp.membership.step.wizard"
    _description = "Take a Membership Step"

    membership_ids = fields.Many2many("kmp.membership", string="Members", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    kind = fields.Selection(
        lambda self: self.env["kmp.membership.step"]._fields["kind"]._description_selection(self.env),
        "Step",
        required=True,
    )
    leaving_kind = fields.Selection(
        [("resign", "Resigned"), ("expel", "Expelled"), ("decease", "Deceased")],
        "Reason for Leaving",
        default="resign",
    )
    date = fields.Date("Takes Effect", required=True, default=fields.Date.context_today)
    class_id = fields.Many2one("kmp.stakeholder.class", domain="[('company_id', '=', company_id)]")
    resolution = fields.Char("Resolution Number")
    reason = fields.Text()
    document = fields.Binary()
    document_name = fields.Char()

    @api.depends("membership_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.membership_ids.company_id[:1]

    @api.model
    def default_get(self, fields_list):
        defaults = super().default_get(fields_list)
        if "membership_ids" in fields_list and not defaults.get("membership_ids"):
            defaults["membership_ids"] = [fields.Command.set(self.env.context.get("active_ids", []))]
        return defaults

    def action_confirm(self):
        """Take the step for all members. An approval is a decision of the board: it names its resolution."""
        self.ensure_one()
        kind = self.leaving_kind if self.kind == "resign" else self.kind
        if kind == "approve" and not (self.resolution or "").strip():
            raise UserError(
                self.env._(
                    "%(members)s: enter the number of the resolution by which the board approved.",
                    members=", ".join(self.membership_ids.mapped("display_name")),
                )
            )
        self.membership_ids._apply_step(
            kind,
            self.date,
            self.class_id,
            resolution=self.resolution,
            reason=self.reason,
            document=self.document,
            document_name=self.document_name,
        )
        return {"type": "ir.actions.act_window_close"}
