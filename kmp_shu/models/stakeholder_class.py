from odoo import api, models
from odoo.exceptions import UserError


class KmpStakeholderClass(models.Model):
    _inherit = "kmp.stakeholder.class"

    def write(self, vals):
        """The code of a class is part of what was hashed, so it stays once a scheme splits by it."""
        if "code" in vals:
            renamed = self.filtered(lambda stakeholder_class: stakeholder_class.code != vals["code"])
            # A scheme in force counts whoever may see it.
            split = self.env["kmp.shu.scheme.split"].sudo()
            used = split.search(
                [("class_id", "in", renamed.ids), ("line_id.scheme_id.state", "=", "in_force")], limit=1
            )
            if used:
                raise UserError(
                    self.env._(
                        "Class %(class_name)s keeps its code %(code)s: scheme %(scheme)s is in force with it.",
                        class_name=used.class_id.name,
                        code=used.class_id.code,
                        scheme=used.line_id.scheme_id.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_without_share(self):
        """Shares carry no foreign key, see `kmp.membership`."""
        # A class with a share stays whoever may see the share.
        used = self.env["kmp.shu.share"].sudo().search([("class_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "Class %(class_name)s has shares in %(run)s and cannot be deleted.",
                    class_name=used.class_id.name,
                    run=used.run_id.name,
                )
            )
