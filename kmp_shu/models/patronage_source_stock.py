from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSourceReceipt(models.AbstractModel):
    """Goods received from members: stock moves that are done from a vendor's location into the
    company's own, returns subtracted.

    The value is the one that Odoo gave the move (bill, purchase order or product cost), the
    quantity is in the product's own unit. Goods that stay the member's (consignment) count by quantity and
    have no value. A dropped shipment touches no stock of the co-op and does not count.

    Every receipt counts, billed or not: a bill is the same business in money, and has a source of its own.
    """

    _name = "kmp.patronage.source.receipt"
    _inherit = "kmp.patronage.source"
    _description = "Goods received"

    _document_model = "stock.move"
    _document_name = "reference"
    _measures = ("quantity", "value")
    _same_business_as = ("kmp.patronage.source.bill",)

    # The usage of the location on the member's side.
    _usage = "supplier"

    @api.model
    def _get_select(self, basis, date_from, date_to):
        return SQL(
            """
            SELECT business.date,
                   business.partner_id,
                   business.product_id,
                   business.sign * COALESCE(business.value, 0) AS value,
                   business.sign * %(quantity)s AS quantity,
                   0::numeric AS cost,
                   0::numeric AS hours,
                   business.id AS document_id
              FROM (%(moves)s) business
                   %(units)s
             WHERE business.date BETWEEN %(date_from)s AND %(date_to)s
            """,
            quantity=self._get_unit_quantity(SQL("business.quantity")),
            units=self._get_unit_joins(SQL("business.product_uom"), SQL("business.product_id")),
            moves=self._get_moves(basis.company_id, date_from, date_to),
            date_from=date_from,
            date_to=date_to,
        )

    @api.model
    def _get_moves(self, company, date_from, date_to) -> SQL:
        """The done moves between the company's stock and the other side, with their day and sign. A
        moment is a day off at most where the co-operative is."""
        return SQL(
            """
            SELECT move.id, move.product_id, move.product_uom, move.quantity, move.value,
                   COALESCE(move.partner_id, picking.partner_id) AS partner_id,
                   %(day)s AS date,
                   CASE WHEN %(incoming)s = (destination.usage = %(usage)s) THEN -1 ELSE 1 END AS sign
              FROM stock_move move
              JOIN stock_location origin ON origin.id = move.location_id
              JOIN stock_location destination ON destination.id = move.location_dest_id
         LEFT JOIN stock_picking picking ON picking.id = move.picking_id
             WHERE move.company_id = %(company)s
               AND move.state = 'done'
               AND move.date BETWEEN %(date_from)s::date - 1 AND %(date_to)s::date + 2
               AND (origin.usage = %(usage)s AND destination.usage IN ('internal', 'transit')
                    OR destination.usage = %(usage)s AND origin.usage IN ('internal', 'transit'))
            """,
            day=self._get_day(SQL("move.date"), company),
            incoming=self._usage == "supplier",
            usage=self._usage,
            company=company.id,
            date_from=date_from,
            date_to=date_to,
        )


class KmpPatronageSourceDelivery(models.AbstractModel):
    """Goods delivered to members: stock moves that are done to a customer's location, returns subtracted,
    valued at their cost.

    Every delivery counts, invoiced or not, those of the till included: an invoice or a till order is the same
    business in money, and has a source of its own.
    """

    _name = "kmp.patronage.source.delivery"
    _inherit = "kmp.patronage.source.receipt"
    _description = "Goods delivered"

    _same_business_as = ("kmp.patronage.source.invoice",)

    _usage = "customer"
