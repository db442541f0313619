from odoo import models
from odoo.exceptions import UserError


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merging two members of one company would delete one of them from the register: refuse."""
        # sudo: the register is complete for everybody who merges contacts, in every company
        memberships = self.env["kmp.membership"].sudo().search([("partner_id", "in", partner_ids)])
        for company, members in memberships.grouped("company_id").items():
            if len(members) > 1:
                raise UserError(
                    self.env._(
                        "%(members)s are all members of %(company)s. Members cannot be merged: record how one of the memberships "
                        "ended instead.",
                        members=", ".join(members.mapped("display_name")),
                        company=company.name,
                    )
                )
        return super()._merge(partner_ids, dst_partner, extra_checks)
