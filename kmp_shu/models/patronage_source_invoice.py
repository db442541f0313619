from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSourceInvoice(models.AbstractModel):
    """Sales to members: lines of posted customer invoices, refunds subtracted, without tax."""

    _name = "kmp.patronage.source.invoice"
    _inherit = "kmp.patronage.source"
    _description = "Customer invoices"

    _move_types = ("out_invoice", "out_refund", "out_receipt")
    _refund_type = "out_refund"
    _balance_sign = -1

    @api.model
    def _get_select(self, basis, date_from, date_to):
        return SQL(
            """
            SELECT line.date,
                   partner.commercial_partner_id AS partner_id,
                   line.product_id,
                   %(sign)s * line.balance AS value,
                   CASE WHEN move.move_type = %(refund)s THEN -line.quantity
                        ELSE line.quantity END AS quantity,
                   0::numeric AS hours,
                   line.id AS document_id
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.display_type = 'product'
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
               AND move.move_type IN %(move_types)s
            """,
            sign=self._balance_sign,
            refund=self._refund_type,
            company=basis.company_id.id,
            date_from=date_from,
            date_to=date_to,
            move_types=self._move_types,
        )


class KmpPatronageSourceBill(models.AbstractModel):
    """Purchases from members: lines of posted vendor bills, refunds subtracted, without tax."""

    _name = "kmp.patronage.source.bill"
    _inherit = "kmp.patronage.source.invoice"
    _description = "Vendor bills"

    _move_types = ("in_invoice", "in_refund", "in_receipt")
    _refund_type = "in_refund"
    _balance_sign = 1
