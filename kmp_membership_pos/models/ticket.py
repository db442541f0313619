from odoo import api, fields, models


class Ticket(models.Model):
    """Tickets sold at the till: a paid order with a customer counts as a paid invoice, a refund of it as a paid credit note.

    The entry of the ticket debits the income account of the product on the day of the order; the till credits it when the session
    is closed. An order that is invoiced at once is left to the invoice; one that is invoiced later has its ticket already. Without a
    customer nobody becomes a member.
    """

    _inherit = "kmp.ticket"

    pos_order_line_id = fields.Many2one(
        "pos.order.line", "Till Order Line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    pos_order_id = fields.Many2one(
        "pos.order", "Till Order", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _unique_pos_line = models.Constraint(
        "UNIQUE (pos_order_line_id)", "This line of a till order has its ticket already."
    )

    def action_open_pos_order(self):
        self.check_access("read")
        return self._open("pos.order", self.pos_order_id)

    @api.model
    def _process_orders(self, orders):
        """Make and process the tickets of till orders that have just been paid."""
        for order in orders.filtered(lambda order: order.partner_id and not order.to_invoice):
            for line in order.lines:
                ticket = self._get_pos_ticket(line)
                if ticket.state == "waiting":
                    ticket._process()

    def _get_pos_ticket(self, line):
        """The ticket of a line of a till order, made when the product is one; else nothing."""
        ticket = self.search([("pos_order_line_id", "=", line.id)])
        product = line.product_id.with_company(line.company_id)
        if ticket or not product.kmp_class_id or not line.qty:
            return ticket
        vals = self._prepare_pos_ticket_vals(line, product)
        if line.qty < 0:
            vals |= {"kind": "refund", "origin_id": self._find_pos_origin(line).id}
            if line.refunded_orderline_id and not vals["origin_id"]:
                return ticket  # what it refunds made nobody a member
        return self.create(vals)

    def _prepare_pos_ticket_vals(self, line, product):
        order = line.order_id
        day = self._get_order_date(order)
        amount = order.currency_id._convert(
            abs(line.price_subtotal), order.company_id.currency_id, order.company_id, day
        )
        return {
            "company_id": order.company_id.id,
            "pos_order_line_id": line.id,
            "pos_order_id": order.id,
            "product_id": line.product_id.id,
            "partner_id": order.partner_id.commercial_partner_id.id,
            "class_id": product.kmp_class_id.id,
            "share_type_id": product.kmp_share_type_id.id,
            "account_id": line._prepare_base_line_for_taxes_computation()["account_id"].id,
            "amount": amount,
        }

    def _find_pos_origin(self, line):
        """The ticket of the line that is refunded, sold by the till or, if the order was invoiced at once, by that invoice."""
        sold = line.refunded_orderline_id
        invoice = sold.order_id.account_move
        is_open = [("kind", "=", "sale"), ("state", "in", ("waiting", "done"))]
        return (sold and self.search([*is_open, ("pos_order_line_id", "=", sold.id)], limit=1)) or (
            invoice
            and self.search(
                [*is_open, ("invoice_id", "=", invoice.id), ("product_id", "=", line.product_id.id)], limit=1
            )
        )

    def _get_ticket(self, line):
        """An invoice that a till order got afterwards makes no second ticket."""
        sold = self.search(
            [("pos_order_id", "in", line.move_id.pos_order_ids.ids), ("product_id", "=", line.product_id.id)],
            limit=1,
        )
        return self.browse() if sold else super()._get_ticket(line)

    # ---------------------------------------------------------------- what was sold

    def _is_paid(self):
        if not self.pos_order_id:
            return super()._is_paid()
        return self.pos_order_id.state in ("paid", "done")

    def _get_payment_date(self):
        if not self.pos_order_id:
            return super()._get_payment_date()
        return self._get_order_date(self.pos_order_id)

    def _get_order_date(self, order):
        return fields.Datetime.context_timestamp(order, order.date_order).date()

    def _get_source_name(self):
        return self.pos_order_id.name or super()._get_source_name()

    def _tell_source(self, text):
        if not self.pos_order_id:
            return super()._tell_source(text)
        return self.pos_order_id.message_post(body=text)
