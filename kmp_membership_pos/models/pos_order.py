from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        # sudo: a cashier needs no right in the co-operative; an officer decided it in the product
        self.env["kmp.ticket"].sudo()._process_orders(self.sudo())
        return result
