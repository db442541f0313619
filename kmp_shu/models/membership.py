from odoo import api, models
from odoo.exceptions import UserError


class KmpMembership(models.Model):
    _inherit = "kmp.membership"

    @api.ondelete(at_uninstall=False)
    def _unlink_if_without_business(self):
        """Entries carry no foreign key, so that a million of them load in seconds."""
        # A membership with business stays whoever may see the business.
        entry = self.env["kmp.patronage.entry"].sudo()
        used = entry.search([("membership_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "Member %(member)s has imported business and cannot be deleted.",
                    member=used.membership_id.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_without_share(self):
        """Shares carry no foreign key, so that they are written as fast as they are computed."""
        # A membership with a share stays whoever may see the share.
        used = self.env["kmp.shu.share"].sudo().search([("membership_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "Member %(member)s has a share in %(run)s and cannot be deleted.",
                    member=used.membership_id.display_name,
                    run=used.run_id.name,
                )
            )

    def action_open_shu_shares(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_share_action")
        return {**action, "domain": [("membership_id", "=", self.id)], "context": {}}
