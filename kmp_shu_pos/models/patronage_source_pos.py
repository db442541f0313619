from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSourcePos(models.AbstractModel):
    """Till orders of members that are paid or posted, returns subtracted, without tax.

    An order that is invoiced before its session closes is an invoice, and left to that source. One
    that is invoiced afterwards stays a till order of its day, because the ledger has its sale on that
    day: the invoice is left out there (`_get_entry_condition`).

    The cost is the one that Odoo computed for the line. The delivery of the goods tells the same
    business again, in quantities.
    """

    _name = "kmp.patronage.source.pos"
    _inherit = "kmp.patronage.source"
    _description = "Till orders"

    _document_model = "pos.order.line"
    _document_name = "order_id.name"
    _measures = ("value", "quantity", "margin")
    _is_income = True
    _same_business_as = ("kmp.patronage.source.delivery",)

    @api.model
    def _get_select(self, basis, date_from, date_to):
        return SQL(
            """
            SELECT business.date,
                   business.partner_id,
                   business.product_id,
                   business.sign * ROUND(business.amount / business.rate, %(decimals)s) AS value,
                   business.qty AS quantity,
                   ROUND(business.cost / business.rate, %(decimals)s) AS cost,
                   0::numeric AS hours,
                   business.id AS document_id
              FROM (%(lines)s) business
             WHERE business.date BETWEEN %(date_from)s AND %(date_to)s
            """,
            decimals=basis.company_id.currency_id.decimal_places,
            lines=self._get_lines(basis.company_id, date_from, date_to),
            date_from=date_from,
            date_to=date_to,
        )

    @api.model
    def _get_lines(self, company, date_from, date_to) -> SQL:
        """The lines of the orders that count, in the currency of the order. The till sends the
        amount of a returned line without a sign, other ways of returning with one: the sign is that of
        quantity times price. A moment is a day off at most where the co-operative is."""
        return SQL(
            """
            SELECT line.id, line.product_id, line.qty, ordered.partner_id,
                   %(day)s AS date,
                   ABS(line.price_subtotal) AS amount,
                   SIGN(line.qty * line.price_unit) AS sign,
                   COALESCE(line.total_cost, 0)::numeric AS cost,
                   COALESCE(NULLIF(ordered.currency_rate, 0), 1) AS rate
              FROM pos_order ordered
              JOIN pos_order_line line ON line.order_id = ordered.id
             WHERE ordered.company_id = %(company)s
               AND ordered.state IN ('paid', 'done')
               AND ordered.date_order BETWEEN %(date_from)s::date - 1 AND %(date_to)s::date + 2
               AND (ordered.account_move IS NULL
                    OR EXISTS (SELECT 1 FROM account_move taken_out
                                WHERE taken_out.reversed_pos_order_id = ordered.id
                                  AND taken_out.state = 'posted'))
            """,
            day=self._get_day(SQL("ordered.date_order"), company),
            company=company.id,
            date_from=date_from,
            date_to=date_to,
        )
