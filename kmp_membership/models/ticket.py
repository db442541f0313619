from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .membership import OFFICER


class Ticket(models.Model):
    """A sold product that made its buyer a member: the link between what was sold, a membership and its share capital.

    What was sold is an invoice line (see ``ticket_invoice``); an addon may add another source by the hooks below. When it is paid, an application of the buyer is entered, approved and activated on the day of the payment, and the
    amount moves from the account of the invoice line to the share account. A member who buys another one just pays in. A paid
    credit note takes the same way back; when nothing is left, the membership that the ticket opened ends by a step.

    The sale must not fail because the membership cannot be opened: then the ticket waits, says why, and an officer tries again.
    """

    _name = "kmp.ticket"
    _description = "Membership Ticket"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _check_company_auto = True

    kind = fields.Selection(
        [("sale", "Sale"), ("refund", "Refund")], required=True, default="sale", readonly=True
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("refunded", "Refunded")],
        "Status",
        required=True,
        default="waiting",
        readonly=True,
        tracking=True,
        index=True,
    )
    problem = fields.Text(readonly=True, tracking=True, help="Why the ticket waits.")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    product_id = fields.Many2one("product.product", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", "Buyer", required=True, readonly=True, ondelete="restrict", index=True
    )
    class_id = fields.Many2one(
        "kmp.stakeholder.class", readonly=True, ondelete="restrict", check_company=True
    )
    share_type_id = fields.Many2one("kmp.share.type", readonly=True, ondelete="restrict", check_company=True)
    account_id = fields.Many2one("account.account", "Sold On", readonly=True, ondelete="restrict")
    membership_id = fields.Many2one(
        "kmp.membership",
        "Member",
        readonly=True,
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
    )
    has_opened_membership = fields.Boolean("Opened the Membership", readonly=True)
    origin_id = fields.Many2one(
        "kmp.ticket", "Refund Of", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    refund_ids = fields.One2many("kmp.ticket", "origin_id", "Refunds", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one(
        "account.move", "Journal Entry", readonly=True, ondelete="restrict", index="btree_not_null"
    )

    _done_has_entry = models.Constraint(
        "CHECK (state != 'done' OR (move_id IS NOT NULL AND membership_id IS NOT NULL))",
        "A ticket that is done has an entry and a member.",
    )

    def action_process(self):
        """Try again what waits. For officers."""
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may process tickets."))
        self.check_access("read")
        for ticket in self:
            if ticket.state != "waiting":
                raise UserError(self.env._("The ticket of %s is already processed.", ticket.partner_id.name))
            # sudo: checked above; invoices and contacts belong to others
            if not ticket.sudo()._is_paid():
                raise UserError(
                    self.env._(
                        "%(invoice)s of %(buyer)s is not paid. The ticket is processed when it is.",
                        invoice=ticket.sudo()._get_source_name(),
                        buyer=ticket.partner_id.name,
                    )
                )
            ticket.sudo()._process()

    def action_open_entry(self):
        return self._open("account.move", self.move_id)

    def action_open_member(self):
        return self._open("kmp.membership", self.membership_id)

    def _open(self, model, record):
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": record.id, "view_mode": "form"}

    # ---------------------------------------------------------------- business

    # ---------------------------------------------------------------- what was sold: hooks of its source

    def _get_source_name(self):
        """The number under which the buyer knows the sale."""
        return "-"

    def _is_paid(self):
        return False

    def _get_payment_date(self):
        """The day on which the last part was paid."""
        return self.date or fields.Date.context_today(self)

    def _tell_source(self, text):
        """Note on the sale what happened to its ticket."""

    def _get_reference(self):
        return f"{self.product_id.display_name}, {self._get_source_name()}"
