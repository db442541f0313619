from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import unsealed


class ShareOperation(models.Model):
    """How what the co-operative owes from a redemption is paid out."""

    _inherit = "kmp.share.operation"

    payment_move_id = fields.Many2one(
        "account.move",
        "Payment Entry",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_paid = fields.Boolean(compute="_compute_is_paid")
    amount_due = fields.Monetary(
        "To Be Paid", compute="_compute_amount_due", help="What the member still gets of a redemption."
    )

    @api.depends("state", "move_id", "payment_move_id")
    def _compute_amount_due(self):
        for operation in self:
            # sudo: what is still to be paid concerns officers without rights in accounting
            operation.amount_due = -sum(operation._get_debt_items().mapped("amount_residual"))

    @api.depends("payment_move_id")
    def _compute_is_paid(self):
        for operation in self:
            # sudo: whether it is paid is no secret of accounting
            operation.is_paid = bool(operation.sudo().payment_move_id)

    def _check_can_reverse(self):
        result = super()._check_can_reverse()
        if self.payment_move_id:
            raise UserError(
                self.env._("%(name)s has been paid out. Undo the payment first.", name=self.display_name)
            )
        return result

    def _get_debt_items(self):
        """The items by which the co-operative owes the member the rest of the redemption."""
        redemptions = self.filtered(lambda operation: operation.kind == "redemption")
        return redemptions.move_id.sudo().line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )

    def action_pay(self):
        self._check_officer()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kmp_membership.share_operation_payment_action"
        )
        return action | {"context": {"default_operation_ids": [Command.set(self.ids)]}}

    def _pay(self, day, journal):
        """Pay what is due of these redemptions in cash or by bank, once.

        :raise UserError: nothing is due, or a locked period
        """
        self._check_officer()
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state", "payment_move_id", "amount_due"])
        for operation in self:
            operation._check_can_pay(day, journal)
        # sudo: as in action_post
        moves = (
            self.env["account.move"]
            .sudo()
            .create([operation._prepare_payment_vals(day, journal) for operation in self])
        )
        moves._post(soft=False)
        for operation, move in zip(self, moves, strict=True):
            unsealed(operation).write({"payment_move_id": move.id})
            debts = operation._get_debt_items()
            (debts | move.line_ids.filtered_domain([("account_id", "in", debts.account_id.ids)])).reconcile()

    def _check_can_pay(self, day, journal):
        if self.state != "posted" or self.kind != "redemption" or self.currency_id.is_zero(self.amount_due):
            raise UserError(self.env._("%(name)s: nothing is to be paid.", name=self.display_name))
        if day < self.date:
            raise UserError(
                self.env._(
                    "%(name)s is due on %(date)s and cannot be paid before.",
                    name=self.display_name,
                    date=format_date(self.env, self.date),
                )
            )
        if not journal.sudo().default_account_id:  # sudo: as in _get_counterpart_account
            raise UserError(
                self.env._(
                    "The journal %(journal)s has no default account. Set one, or choose another journal.",
                    journal=journal.name,
                )
            )
        self._check_not_locked(day, journal)

    def _prepare_payment_vals(self, day, journal):
        label = self.env._("Payment of %s", self.name)
        amount = self.amount_due
        lines = [(self._get_payable_account(), amount), (journal.sudo().default_account_id, -amount)]
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "date": day,
            "ref": label,
            "partner_id": self.partner_id.id,
            "line_ids": [
                Command.create(self._prepare_line_vals(account, balance, label)) for account, balance in lines
            ],
        }

    def action_undo_payment(self):
        """Reverse the payment of a redemption: it is due again."""
        self._check_officer()
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["payment_move_id"])
        day = fields.Date.context_today(self)
        for operation in self.filtered("payment_move_id"):
            operation._check_not_locked(day, operation.payment_move_id.sudo().journal_id)
            unsealed(operation.payment_move_id.sudo())._reverse_moves(
                [{"date": max(day, operation.payment_move_id.sudo().date)}], cancel=True
            )
            unsealed(operation).write({"payment_move_id": False})
        return True
