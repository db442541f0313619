from odoo import models


class ContributionLine(models.Model):
    _inherit = "kmp.contribution.line"

    def _get_items_to_pay(self):
        """The journal items of these dues that are still open, as superuser: the oldest due date first, then by share type."""
        # sudo: whoever pays needs no right in accounting
        items = self.sudo().move_line_id.filtered(lambda item: not item.reconciled)
        order = {line.move_line_id: line.share_type_id for line in self.sudo()}
        return items.sorted(
            lambda item: (item.date_maturity, order[item].sequence, order[item].code, item.id)
        )
