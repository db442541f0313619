from odoo import fields, models
from odoo.exceptions import UserError


class ShareOperation(models.Model):
    """Capital becomes a debt to a member (or the heirs), less a loss that the meeting charged, less what the member owes."""

    _inherit = "kmp.share.operation"

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

    _loss_within_amount = models.Constraint(
        "CHECK (COALESCE(loss_amount, 0) >= 0 AND COALESCE(loss_amount, 0) <= amount)",
        "The loss charged is part of the amount.",
    )

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
