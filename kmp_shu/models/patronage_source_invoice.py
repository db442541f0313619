from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSourceInvoice(models.AbstractModel):
    """Sales to members: income lines of posted customer invoices, refunds subtracted, without tax.

    The cost is that of the invoice's own cost-of-goods items, which Odoo posts for products with
    perpetual valuation (`display_type` cogs); each of them is a row with cost and nothing else, so that the
    items of a reversed invoice, which have lost the link to their line, count too. An invoiced
    simpanan or deposit is no sale: only lines on income accounts count. `balance` is in company
    currency whatever the currency of the invoice.

    Deliveries of goods and till orders have sources of their own. A delivery tells an invoiced sale
    again, in quantities.
    """

    _name = "kmp.patronage.source.invoice"
    _inherit = "kmp.patronage.source"
    _description = "Customer invoices"

    _measures = ("value", "quantity", "margin")
    _is_income = True
    _same_business_as = ("kmp.patronage.source.delivery",)

    _move_types = ("out_invoice", "out_refund", "out_receipt")
    _refund_type = "out_refund"
    _balance_sign = -1

    @api.model
    def _get_line_condition(self) -> SQL:
        return SQL(
            """(line.display_type = 'product' AND account.account_type LIKE 'income%%'
                OR line.display_type = 'cogs' AND account.account_type LIKE 'expense%%')"""
        )

    @api.model
    def _get_select(self, basis, date_from, date_to):
        return SQL(
            """
            SELECT line.date,
                   line.partner_id,
                   line.product_id,
                   CASE WHEN line.display_type = 'cogs' THEN 0
                        ELSE %(sign)s * line.balance END AS value,
                   CASE WHEN line.display_type = 'cogs' THEN 0
                        WHEN move.move_type = %(refund)s THEN -%(quantity)s
                        ELSE %(quantity)s END AS quantity,
                   CASE WHEN line.display_type = 'cogs' THEN line.balance ELSE 0 END AS cost,
                   0::numeric AS hours,
                   line.id AS document_id
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
                   %(units)s
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
               AND move.move_type IN %(move_types)s
               AND %(lines)s
               AND %(entries)s
            """,
            sign=self._balance_sign,
            refund=self._refund_type,
            quantity=self._get_unit_quantity(SQL("line.quantity")),
            units=self._get_unit_joins(SQL("line.product_uom_id"), SQL("line.product_id")),
            company=basis.company_id.id,
            date_from=date_from,
            date_to=date_to,
            move_types=self._move_types,
            lines=self._get_line_condition(),
            entries=self._get_entry_condition(),
        )


class KmpPatronageSourceBill(models.AbstractModel):
    """Purchases from members: lines of posted vendor bills on expense and asset accounts (stock, for
    perpetual valuation), refunds subtracted, without tax.

    A receipt of goods tells a billed purchase again, in quantities.
    """

    _name = "kmp.patronage.source.bill"
    _inherit = "kmp.patronage.source.invoice"
    _description = "Vendor bills"

    _measures = ("value", "quantity")
    _is_income = False
    _same_business_as = ("kmp.patronage.source.receipt",)

    _move_types = ("in_invoice", "in_refund", "in_receipt")
    _refund_type = "in_refund"
    _balance_sign = 1

    @api.model
    def _get_line_condition(self):
        return SQL(
            """line.display_type = 'product'
               AND (account.account_type LIKE 'expense%%' OR account.account_type LIKE 'asset%%')"""
        )
