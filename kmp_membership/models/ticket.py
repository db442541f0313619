from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import unsealed
from .membership import MEMBER_STATES, OFFICER

# Odoo calls a credit note that was settled by a plain entry "reversed". An invoice in that state was credited, not paid.
PAID_STATES = {"out_invoice": ("paid",), "out_receipt": ("paid",), "out_refund": ("paid", "reversed")}


class Ticket(models.Model):
    """A sold product that made its buyer a member: the link between an invoice line, a membership and its share capital.

    When the invoice is paid, an application of the buyer is entered, approved and activated on the day of the payment, and the
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
    invoice_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    invoice_id = fields.Many2one("account.move", readonly=True, index="btree_not_null", ondelete="set null")
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

    _unique_line = models.Constraint("UNIQUE (invoice_line_id)", "This invoice line has its ticket already.")
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
                        invoice=ticket.sudo().invoice_id.name or "-",
                        buyer=ticket.partner_id.name,
                    )
                )
            ticket.sudo()._process()

    def action_open_invoice(self):
        return self._open("account.move", self.invoice_id)

    def action_open_entry(self):
        return self._open("account.move", self.move_id)

    def action_open_member(self):
        return self._open("kmp.membership", self.membership_id)

    def _open(self, model, record):
        return {"type": "ir.actions.act_window", "res_model": model, "res_id": record.id, "view_mode": "form"}

    # ---------------------------------------------------------------- from the invoice

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
        return self.invoice_id.payment_state in PAID_STATES.get(self.invoice_id.move_type, ())

    # ---------------------------------------------------------------- business

    def _process(self):
        """Do what the ticket stands for, or leave it waiting with the reason."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        try:
            with self.env.cr.savepoint():
                if self.kind == "sale":
                    self._do_sale()
                else:
                    self._do_refund()
        except UserError as error:
            # The savepoint took back the records; the cache must forget them, too.
            self.env.invalidate_all()
            self.write({"state": "waiting", "problem": str(error)})
            self._tell_invoice(
                self.env._(
                    "The membership ticket of %(buyer)s waits for an officer: %(problem)s",
                    buyer=self.partner_id.name,
                    problem=error,
                )
            )

    def _do_sale(self):
        day = self._get_payment_date()
        if self.currency_id.is_zero(self.amount):
            raise UserError(
                self.env._("The ticket cost nothing, so nothing is paid in. Enter the application by hand.")
            )
        # What was missing when the ticket was sold may have been set since.
        self.share_type_id = (
            self.share_type_id or self.product_id.with_company(self.company_id).kmp_share_type_id
        )
        if not self.share_type_id:
            raise UserError(
                self.env._(
                    "Product %s makes members, but has no share type to pay into. Set one.",
                    self.product_id.name,
                )
            )
        membership, is_new = self._get_membership(day)
        if membership.state == "applicant":
            membership._apply_step("approve", day, resolution=self._get_reference())
        move = self._post_entry(day, self.account_id, self.share_type_id.account_id)
        if is_new:
            membership._apply_step("activate", day, self.class_id, reason=self._get_reference())
        self.write(
            {
                "state": "done",
                "problem": False,
                "date": day,
                "membership_id": membership.id,
                "move_id": move.id,
                "has_opened_membership": is_new or self.has_opened_membership,
            }
        )

    def _get_membership(self, day):
        """The buyer's membership and whether this ticket opens it.

        :raise UserError: it ended in a way that a purchase cannot mend
        """
        memberships = self.env["kmp.membership"].with_company(self.company_id)
        membership = memberships.search(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id)]
        )
        if membership.state in MEMBER_STATES:
            return membership, False
        if membership.state == "rejected" or membership.left_reason in ("expelled", "deceased"):
            raise UserError(
                self.env._(
                    "%(member)s is %(state)s. A ticket cannot change that: decide by a step, or refund it.",
                    member=membership.display_name,
                    state=membership._label("left_reason")
                    if membership.left_reason
                    else membership._label("state"),
                )
            )
        if membership.state == "left":
            membership._apply_step("readmit", day, reason=self._get_reference())
        if not membership:
            vals = {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "date_application": day,
            }
            membership = memberships.create(vals)
        membership.applied_class_id = self.class_id
        return membership, True

    def _do_refund(self):
        origin = self.origin_id
        if not origin:
            raise UserError(
                self.env._(
                    "%s credits no invoice of a ticket. Create credit notes from the invoice.",
                    self.invoice_id.name,
                )
            )
        origin.lock_for_update(allow_referencing=True)
        if origin.state == "done":
            self._take_back(origin)
        left = origin.amount - sum(
            origin.refund_ids.filtered(lambda ticket: ticket.state == "done").mapped("amount")
        )
        if origin.state == "waiting" or self.currency_id.is_zero(left):
            origin.write({"state": "refunded", "problem": False})
            origin._end_membership(self.date or self._get_payment_date(), self)

    def _take_back(self, origin):
        left = origin.amount - sum(
            origin.refund_ids.filtered(lambda ticket: ticket.state == "done").mapped("amount")
        )
        if self.currency_id.compare_amounts(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "%(credit_note)s refunds more than the ticket still holds (%(left)s).",
                    credit_note=self.invoice_id.name,
                    left=origin.share_type_id._format(left),
                )
            )
        day = max(self._get_payment_date(), origin.date)
        move = self._post_entry(day, origin.share_type_id.account_id, self.account_id)
        self._check_still_held(origin)
        self.write(
            {
                "state": "done",
                "problem": False,
                "date": day,
                "membership_id": origin.membership_id.id,
                "move_id": move.id,
            }
        )

    def _check_still_held(self, origin):
        held = origin.share_type_id._get_holdings(fields.Date.to_date("9999-12-31"), self.partner_id)
        if held.get((self.partner_id.id, origin.share_type_id.id), 0) < 0:
            raise UserError(
                self.env._(
                    "%(member)s does not hold the %(share_type)s of the ticket any more: it was redeemed or moved. Undo that first.",
                    member=origin.membership_id.display_name,
                    share_type=origin.share_type_id.name,
                )
            )

    def _end_membership(self, day, refund):
        """End by a step the membership that this ticket opened, unless the member holds anything else."""
        membership = self.membership_id
        if not self.has_opened_membership or membership.state not in MEMBER_STATES:
            return
        share_types = (
            self.env["kmp.share.type"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
        )
        held = share_types._get_holdings(fields.Date.to_date("9999-12-31"), membership.partner_id)
        text = self.env._("Ticket refunded: %s", refund.invoice_id.name)
        if any(held.values()):
            membership.message_post(
                body=self.env._("%s. The member still holds share capital: decide by a step.", text)
            )
        else:
            membership._apply_step("resign", day, reason=text)

    def _undo_payment(self):
        """The invoice is not paid any more: the capital that was moved for it goes back; the membership is for an officer to decide."""
        for ticket in self:
            day = max(fields.Date.context_today(ticket), ticket.date)
            ticket._check_not_locked(day)
            reversal = unsealed(ticket.move_id)._reverse_moves(
                [{"date": day, "ref": ticket._get_reference()}]
            )
            reversal._post(soft=False)
            problem = self.env._("The payment of %s was undone.", ticket.invoice_id.name)
            ticket.write({"state": "waiting", "problem": problem, "move_id": False})
            ticket._check_still_held(ticket if ticket.kind == "sale" else ticket.origin_id)
            ticket.membership_id.message_post(
                body=self.env._("%s The share capital of the ticket went back with it.", problem)
            )

    def _post_entry(self, day, debit, credit):
        """Move the amount between the account of the sale and the share account."""
        journal = self.company_id._get_share_journal()
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no journal for miscellaneous operations. Create one.", self.company_id.name
                )
            )
        self._check_not_locked(day)
        line = {
            "name": self._get_reference(),
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "analytic_distribution": {},
        }
        move = (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "entry",
                    "company_id": self.company_id.id,
                    "journal_id": journal.id,
                    "date": day,
                    "ref": self._get_reference(),
                    "partner_id": self.partner_id.id,
                    "line_ids": [
                        Command.create(
                            {**line, "account_id": account.id, "balance": balance, "amount_currency": balance}
                        )
                        for account, balance in ((debit, self.amount), (credit, -self.amount))
                    ],
                }
            )
        )
        move._post(soft=False)
        return move

    def _check_not_locked(self, day):
        what = self.env._(
            "%(ticket)s of %(buyer)s", ticket=self.product_id.display_name, buyer=self.partner_id.name
        )
        self.company_id._check_not_locked(day, self.company_id._get_share_journal(), what)

    def _get_payment_date(self):
        """The day on which the last part was paid."""
        lines = self.invoice_id.line_ids
        partials = lines.matched_debit_ids | lines.matched_credit_ids
        return max([*partials.mapped("max_date"), self.invoice_id.invoice_date or self.invoice_id.date])

    def _get_reference(self):
        return f"{self.product_id.display_name}, {self.invoice_id.name}"

    def _tell_invoice(self, text):
        if self.invoice_id:
            self.invoice_id.message_post(body=text)
