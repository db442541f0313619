from odoo import api, fields, models
from odoo.fields import Domain


class Membership(models.Model):
    """Who of the register may be the same person."""

    _inherit = "kmp.membership"

    duplicate_ids = fields.Many2many(
        "kmp.membership",
        compute="_compute_duplicate_ids",
        string="Perhaps the Same",
        help="Same e-mail or phone. Look before you approve.",
    )

    @api.depends("partner_id", "state", "company_id")
    def _compute_duplicate_ids(self):
        """Who else of the register has the same address. A national id that is taken is refused anyway."""
        for membership in self:
            partner = membership.partner_id
            addresses = [Domain("partner_id.email", "=ilike", partner.email)] if partner.email else []
            addresses += [Domain("partner_id.phone", "=", partner.phone)] if partner.phone else []
            if not addresses or membership.state not in ("applicant", "approved"):
                membership.duplicate_ids = False
                continue
            others = Domain("company_id", "=", membership.company_id.id) & Domain(
                "id", "!=", membership._origin.id
            )
            membership.duplicate_ids = self.search(others & Domain.OR(addresses), limit=5)
