from odoo import api, fields, models


class ContributionExemption(models.Model):
    """A member who is not billed for some time, and why."""

    _name = "kmp.contribution.exemption"
    _description = "Dues Exemption"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    membership_id = fields.Many2one(
        "kmp.membership", "Member", required=True, index=True, check_company=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="membership_id.company_id", store=True, precompute=True, index=True)
    share_type_id = fields.Many2one(
        "kmp.share.type",
        check_company=True,
        ondelete="restrict",
        help="Empty: for all share types.",
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Until", help="Periods that begin after this day are billed again.")
    reason = fields.Char(required=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "An exemption ends on the day it begins, or later."
    )

    @api.depends("membership_id", "reason")
    def _compute_display_name(self):
        for exemption in self:
            exemption.display_name = f"{exemption.membership_id.display_name}: {exemption.reason}"
