from odoo import models
from odoo.exceptions import UserError

from ..tools import is_unsealed


class AccountMove(models.Model):
    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        # sudo: whoever enters a payment need not have any right in the co-operative; an officer decided it in the product
        self.env["kmp.ticket"].sudo()._process_paid(self.sudo())
        return result

    def write(self, vals):
        if vals.get("state") in ("draft", "cancel"):
            self._check_no_ticket()
        return super().write(vals)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._check_no_ticket()
        return super()._reverse_moves(default_values_list, cancel)

    def _check_no_ticket(self):
        """The entry of a ticket is undone by a credit note, so that membership and capital always tell the same."""
        if is_unsealed(self.env):
            return
        # sudo: accountants need not see the tickets of the co-operative
        ticket = self.env["kmp.ticket"].sudo().search([("move_id", "in", self.ids)], limit=1)
        if ticket:
            raise UserError(
                self.env._(
                    "%(entry)s belongs to the membership ticket %(invoice)s of %(buyer)s. Create a credit note from that invoice instead.",
                    entry=ticket.move_id.name,
                    invoice=ticket.invoice_id.name or "-",
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
