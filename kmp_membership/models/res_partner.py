from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import is_unsealed

READERS = "kmp_membership.group_clerk,kmp_membership.group_supervisor,kmp_membership.group_auditor"


class ResPartner(models.Model):
    _inherit = "res.partner"

    kmp_membership_ids = fields.One2many("kmp.membership", "partner_id", "Memberships", groups=READERS)
    kmp_membership_count = fields.Integer(
        "Membership Count", compute="_compute_kmp_membership_count", groups=READERS
    )

    @api.depends("kmp_membership_ids")
    def _compute_kmp_membership_count(self):
        counts = dict(
            self.env["kmp.membership"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.kmp_membership_count = counts.get(partner, 0)

    @api.constrains("parent_id", "is_company")
    def _check_member_stays_commercial(self):
        """Business is booked on the commercial partner: a member must stay one, or its capital and its business would part."""
        moved = self.filtered(lambda partner: partner.commercial_partner_id != partner)
        # sudo: the rule holds whoever edits the contact, in every company
        membership = moved and self.env["kmp.membership"].sudo().search(
            [("partner_id", "in", moved.ids)], limit=1
        )
        if membership:
            raise ValidationError(
                self.env._(
                    "%(contact)s is a member of %(company)s and cannot become a contact of another partner.",
                    contact=membership.partner_id.name,
                    company=membership.company_id.name,
                )
            )

    def _increase_rank(self, field, n=1):
        """Who owes dues is no customer for that; and Odoo writes the rank member by member, for half the time of a billing."""
        return None if is_unsealed(self.env) else super()._increase_rank(field, n)

    def action_open_kmp_memberships(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.membership_action")
        memberships = self.env["kmp.membership"].search([("partner_id", "=", self.id)])
        action |= {"domain": [("partner_id", "=", self.id)], "context": {"default_partner_id": self.id}}
        if len(memberships) == 1:
            action |= {"views": [(False, "form")], "res_id": memberships.id}
        return action
