from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import unsealed
from .share_type import SAVINGS_KINDS


class ShareOperation(models.Model):
    """Withdrawal, redemption and conversion: what a share type and the by-laws allow to be taken out, and when."""

    _inherit = "kmp.share.operation"

    target_share_type_id = fields.Many2one(
        "kmp.share.type",
        "Into",
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
    )
    notice_date = fields.Date("Asked For On", help="The day on which the member gave notice.")
    beneficiary_id = fields.Many2one(
        "res.partner",
        "Paid Out To",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="The heir, when the member has died. Empty: the member.",
    )
    resolution = fields.Char(
        "Resolution Number", help="The decision on a loss that is charged to the member."
    )
    loss_amount = fields.Monetary(
        "Loss Charged", help="The member's share of the losses, as the meeting decided. It is not paid back."
    )
    offset_debts = fields.Boolean(
        default=True, help="What the member owes is deducted, the oldest debt first."
    )
    payment_move_id = fields.Many2one(
        "account.move",
        "Payment Entry",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_paid = fields.Boolean(compute="_compute_is_paid")
    journal_type = fields.Selection(
        related="journal_id.type",
        string="Journal Type",
        help="Where the money goes: a cash or bank journal has its own account.",
    )
    amount_due = fields.Monetary(
        "To Be Paid", compute="_compute_amount_due", help="What the member still gets of a redemption."
    )
    holding = fields.Monetary(
        "Held", compute="_compute_holding", help="What the member holds of the share type on that day."
    )

    _loss_within_amount = models.Constraint(
        "CHECK (COALESCE(loss_amount, 0) >= 0 AND COALESCE(loss_amount, 0) <= amount)",
        "The loss charged is part of the amount.",
    )
    _conversion_has_target = models.Constraint(
        "CHECK (kind <> 'conversion' OR (target_share_type_id IS NOT NULL AND target_share_type_id <> share_type_id))",
        "A conversion names another share type to convert into.",
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

    @api.depends("membership_id", "share_type_id", "date")
    def _compute_holding(self):
        for operation in self:
            held = Decimal()
            if operation.membership_id and operation.share_type_id and operation.date:
                # the records of an unsaved form have no id of their own: _origin is the saved one
                share_type, partner = operation.share_type_id._origin, operation.partner_id._origin
                held = share_type._get_holdings(operation.date, partner).get(
                    (partner.id, share_type.id), held
                )
            operation.holding = float(held)

    # ---------------------------------------------------------------- checks

    def _check_withdrawal(self):
        if self.share_type_id.kind not in SAVINGS_KINDS:
            raise UserError(
                self.env._(
                    "%(share_type)s is capital, not savings. Enter a redemption instead.",
                    share_type=self.share_type_id.name,
                )
            )
        self._check_terms()
        self._check_counterpart()

    def _check_redemption(self):
        self._check_terms()
        if self.loss_amount and not self.company_id.kmp_loss_account_id:
            raise UserError(
                self.env._(
                    "Choose the account for losses charged to members in the settings of the co-operative."
                )
            )
        if not self._get_payable_account():
            raise UserError(
                self.env._(
                    "%(member)s has no payable account. Set it on the contact.",
                    member=self.membership_id.display_name,
                )
            )

        if self.beneficiary_id and self.membership_id.left_reason != "deceased":
            raise UserError(
                self.env._(
                    "Shares are paid out to %(heir)s only when the member has died: a membership cannot be transferred.",
                    heir=self.beneficiary_id.display_name,
                )
            )

    def _check_conversion(self):
        if self.target_share_type_id.kind in SAVINGS_KINDS and self.share_type_id.kind not in SAVINGS_KINDS:
            self._check_terms()
        elif self.membership_id.state == "left":
            raise UserError(
                self.env._(
                    "Member %(member)s has left: pay the shares back instead.",
                    member=self.membership_id.display_name,
                )
            )

    def _check_terms(self):
        """The share type's own terms: when it is paid back at all, lock-up, notice."""
        self._check_redeemable()
        share_type = self.share_type_id
        if share_type.notice_months:
            if not self.notice_date:
                raise UserError(
                    self.env._(
                        "%(share_type)s is paid back after %(months)s months of notice. Enter the day on which the member asked.",
                        share_type=share_type.name,
                        months=share_type.notice_months,
                    )
                )
            free_from = self.notice_date + relativedelta(months=share_type.notice_months)
            if self.date < free_from:
                raise UserError(
                    self.env._(
                        "%(member)s asked on %(asked)s: %(share_type)s can be paid back from %(free_from)s.",
                        member=self.membership_id.display_name,
                        asked=format_date(self.env, self.notice_date),
                        share_type=share_type.name,
                        free_from=format_date(self.env, free_from),
                    )
                )
        if share_type.lock_up_months:
            free = share_type.sudo()._get_unlocked_holding(
                self.partner_id, self.date
            )  # sudo: as in _check_nobody_overdrawn
            if Decimal(str(self.amount)) > free:
                raise UserError(
                    self.env._(
                        "%(member)s: on %(date)s, %(free)s of %(share_type)s is out of the lock-up of %(months)s months.",
                        member=self.membership_id.display_name,
                        date=format_date(self.env, self.date),
                        free=share_type._format(free),
                        share_type=share_type.name,
                        months=share_type.lock_up_months,
                    )
                )

    def _check_redeemable(self):
        share_type, membership = self.share_type_id, self.membership_id
        if share_type.redemption == "never":
            raise UserError(self.env._("%(share_type)s is never paid back.", share_type=share_type.name))
        if share_type.redemption == "on_exit" and (
            membership.state != "left" or self.date < membership.date_end
        ):
            raise UserError(
                self.env._(
                    "%(share_type)s is paid back when the member leaves. Member %(member)s is %(state)s.",
                    share_type=share_type.name,
                    member=membership.display_name,
                    state=membership._label("state"),
                )
            )

    def _check_can_reverse(self):
        result = super()._check_can_reverse()
        if self.payment_move_id:
            raise UserError(
                self.env._("%(name)s has been paid out. Undo the payment first.", name=self.display_name)
            )
        return result

    def _get_debited_types(self):
        """A deposit takes nothing out, but its reversal does; a conversion does the one here and the other there."""
        undone = self.state == "reversed"
        if self.kind == "conversion":
            return self.target_share_type_id if undone else self.share_type_id
        return self.share_type_id if (self.kind == "deposit") == undone else self.env["kmp.share.type"]

    # ---------------------------------------------------------------- entries

    def _get_withdrawal_lines(self):
        return [(self.share_type_id.account_id, self.amount), (self._get_counterpart_account(), -self.amount)]

    def _get_conversion_lines(self):
        return [
            (self.share_type_id.account_id, self.amount),
            (self.target_share_type_id.account_id, -self.amount),
        ]

    def _get_redemption_lines(self):
        """Capital becomes a debt to the member, less the loss that the meeting charged, less what the member owes."""
        lines = [
            (self.share_type_id.account_id, self.amount),
            (self.company_id.kmp_loss_account_id, -(self.loss_amount or 0)),
        ]
        rest = self.currency_id.round(self.amount - (self.loss_amount or 0))
        for account, debt in self._get_debts() if self.offset_debts else []:
            offset = min(debt, rest)
            lines.append((account, -offset))
            rest = self.currency_id.round(rest - offset)
        return [*lines, (self._get_payable_account(), -rest)]

    def _prepare_line_vals(self, account, balance, label):
        vals = super()._prepare_line_vals(account, balance, label)
        if self.beneficiary_id and account == self._get_payable_account():
            vals["partner_id"] = self.beneficiary_id.id
        return vals

    def _get_debts(self):
        """What the member owes on open receivables: [(account, amount)]. Query budget: one."""
        # sudo: as in action_post
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group(self._get_debts_domain(), ["account_id"], ["amount_residual:sum"])
        return [
            (account, residual)
            for account, residual in groups
            if self.currency_id.compare_amounts(residual, 0) > 0
        ]

    def _get_debts_domain(self):
        return [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("parent_state", "=", "posted"),
            ("account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
            # Dues are not collected out of shares: what is matched with them would become new shares of who leaves.
            ("account_id", "!=", self.company_id.kmp_dues_receivable_account_id.id),
        ]

    def _after_post(self):
        result = super()._after_post()
        if self.kind == "redemption":
            self._reconcile_debts()
        return result

    def _reconcile_debts(self):
        # sudo: as in action_post
        offsets = self.move_id.sudo().line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        for offset in offsets:
            debts = (
                self.env["account.move.line"]
                .sudo()
                .search(
                    [
                        *self._get_debts_domain(),
                        ("account_id", "=", offset.account_id.id),
                        ("id", "!=", offset.id),
                    ],
                    order="date, id",
                )
            )
            (offset | debts).reconcile()

    def _get_payable_account(self):
        # sudo: clerks and officers need not see accounting properties
        return (
            (self.beneficiary_id or self.partner_id)
            .sudo()
            .with_company(self.company_id)
            .property_account_payable_id
        )

    def _get_debt_items(self):
        """The items by which the co-operative owes the member the rest of the redemption."""
        redemptions = self.filtered(lambda operation: operation.kind == "redemption")
        return redemptions.move_id.sudo().line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )

    # ---------------------------------------------------------------- payment

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
