from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import is_unsealed

# Odoo calls a credit note that was settled by a plain entry "reversed". An invoice in that state was credited, not paid.
PAID_STATES = {"out_invoice": ("paid",), "out_receipt": ("paid",), "out_refund": ("paid", "reversed")}


class Ticket(models.Model):
    """Tickets sold by customer invoice."""

    _inherit = "kmp.ticket"

    invoice_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    invoice_id = fields.Many2one("account.move", readonly=True, index="btree_not_null", ondelete="set null")

    _unique_line = models.Constraint("UNIQUE (invoice_line_id)", "This invoice line has its ticket already.")

    def action_open_invoice(self):
        return self._open("account.move", self.invoice_id)

    @api.model
    def _process_paid(self, invoices):
        """Make and process the tickets of customer invoices and credit notes that have just been paid."""
        for invoice in invoices:
            if invoice.payment_state in PAID_STATES.get(invoice.move_type, ()):
                for line in invoice.invoice_line_ids:
                    ticket = self._get_ticket(line)
                    if ticket.state == "waiting":
                        ticket._process()

    def _get_ticket(self, line):
        """The ticket of an invoice line, made when the product is one; else nothing."""
        ticket = self.search([("invoice_line_id", "=", line.id)])
        if ticket or line.display_type != "product":
            return ticket
        product = line.product_id.with_company(line.company_id)
        if not product.kmp_class_id:
            return ticket
        vals = self._prepare_ticket_vals(line, product)
        if line.move_id.move_type == "out_refund":
            vals |= {"kind": "refund", "origin_id": self._find_origin(line).id}
            if line.move_id.reversed_entry_id and not vals["origin_id"]:
                return ticket  # what it credits was never paid, and made nobody a member
        return self.create(vals)

    def _prepare_ticket_vals(self, line, product):
        return {
            "company_id": line.company_id.id,
            "invoice_line_id": line.id,
            "invoice_id": line.move_id.id,
            "product_id": line.product_id.id,
            "partner_id": line.move_id.commercial_partner_id.id,
            "class_id": product.kmp_class_id.id,
            "share_type_id": product.kmp_share_type_id.id,
            "account_id": line.account_id.id,
            "amount": abs(line.balance),
        }

    def _find_origin(self, line):
        return self.search(
            [
                ("kind", "=", "sale"),
                ("state", "in", ("waiting", "done")),
                ("product_id", "=", line.product_id.id),
                ("invoice_id", "=", line.move_id.reversed_entry_id.id),
                ("invoice_id", "!=", False),
            ],
            order="id",
            limit=1,
        )

    def _is_paid(self):
        if not self.invoice_id:
            return super()._is_paid()
        return self.invoice_id.payment_state in PAID_STATES.get(self.invoice_id.move_type, ())

    def _get_payment_date(self):
        if not self.invoice_id:
            return super()._get_payment_date()
        lines = self.invoice_id.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        return max([*partials.mapped("max_date"), self.invoice_id.invoice_date or self.invoice_id.date])

    def _get_source_name(self):
        return self.invoice_id.name or super()._get_source_name()

    def _tell_source(self, text):
        if not self.invoice_id:
            return super()._tell_source(text)
        return self.invoice_id.message_post(body=text)


class AccountMove(models.Model):
    _inherit = "account.move"

    kmp_ticket_id = fields.Many2one(
        "kmp.ticket",
        "Membership Ticket",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The ticket that posted this entry, or took it back.",
    )

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # sudo: whoever enters a payment need not have any right in the co-operative; an officer decided it in the product
        self.env["kmp.ticket"].sudo()._process_paid(self.sudo())
        return result

    @api.model
    def _get_sealed_fields(self):
        return super()._get_sealed_fields() | {"kmp_ticket_id"}

    def _check_no_document(self):
        """The entry of a ticket is undone by a credit note, so that membership and capital always tell the same."""
        super()._check_no_document()
        if is_unsealed(self.env):
            return
        # sudo: accountants need not see the tickets of the co-operative
        ticket = self.sudo().kmp_ticket_id[:1]
        if ticket:
            raise UserError(
                self.env._(
                    "%(entry)s belongs to the membership ticket %(invoice)s of %(buyer)s. Refund that sale instead.",
                    entry=self.filtered("kmp_ticket_id")[:1].display_name,
                    invoice=ticket._get_source_name(),
                    buyer=ticket.partner_id.name,
                )
            )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _reconcile_post_hook(self, data):
        result = super()._reconcile_post_hook(data)
        settled = data["not_paid_invoices"].filtered(
            lambda move: move.move_type == "out_refund" and move.payment_state == "reversed"
        )
        # sudo: as in _invoice_paid_hook, which Odoo does not call for these
        self.env["kmp.ticket"].sudo()._process_paid(settled.sudo())
        return result


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """When a payment is undone, so is the capital that it paid in."""
        invoices = (self.debit_move_id | self.credit_move_id).move_id
        result = super().unlink()
        # sudo: as in _invoice_paid_hook
        tickets = invoices and self.env["kmp.ticket"].sudo().search(
            [("invoice_id", "in", invoices.ids), ("state", "=", "done")]
        )
        if tickets:
            tickets.filtered(lambda ticket: not ticket._is_paid())._undo_payment()
        return result
