from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSource(models.AbstractModel):
    _inherit = "kmp.patronage.source"

    @api.model
    def _get_entry_condition(self):
        """A till order that its session has posted counts as a till order, on its own day, and so
        these are left out: the entry of the session, the invoice that the order got afterwards, and the
        entry by which Odoo then takes the order out of the session's."""
        return SQL(
            """%s AND move.reversed_pos_order_id IS NULL
               AND NOT EXISTS (SELECT 1 FROM pos_session session WHERE session.move_id = move.id)
               AND NOT EXISTS (SELECT 1 FROM pos_order invoiced
                                 JOIN account_move taken_out ON taken_out.reversed_pos_order_id = invoiced.id
                                WHERE invoiced.account_move = move.id AND taken_out.state = 'posted')""",
            super()._get_entry_condition(),
        )
