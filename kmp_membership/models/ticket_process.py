from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..tools import unsealed
from .membership import MEMBER_STATES


class Ticket(models.Model):
    """What a paid ticket does: it opens a membership or pays in; refunded, it goes the same way back."""

    _inherit = "kmp.ticket"

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
            self._tell_source(
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
                    self._get_source_name(),
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
                    credit_note=self._get_source_name(),
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
        text = self.env._("Ticket refunded: %s", refund._get_source_name())
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
                [{"date": day, "ref": ticket._get_reference(), "kmp_ticket_id": ticket.id}]
            )
            reversal._post(soft=False)
            problem = self.env._("The payment of %s was undone.", ticket._get_source_name())
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
            unsealed(self.env["account.move"])
            .with_company(self.company_id)
            .create(
                {
                    "move_type": "entry",
                    "kmp_ticket_id": self.id,
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
