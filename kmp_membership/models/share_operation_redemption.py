from odoo import api, fields, models
from odoo.exceptions import UserError


class ShareOperation(models.Model):
    """Capital becomes a debt to a member (or the heirs), less a loss that the meeting charged, less what the member owes.

    *Debts from trade* (any open receivable but dues) are offset and matched, the oldest first, unless the officer says otherwise: both
    sides are due claims between the same two (set-off, Indonesian Civil Code art. 1425-1427).

    *Dues* that were called and not paid are no such claim. They are a call on capital which who left would get back at once, and
    they never were equity (they stand net against *capital called, not paid*): so they lapse, and the entry that called them is taken
    back for what is open. Collecting them out of the shares would make new shares for somebody who has left. Convention, not law: an
    officer who wants them paid refuses the cancellation and takes the payment before redeeming.
    *Losses* are charged by decision of the meeting, at most up to what is redeemed (the limit of UU 25/1992 art. 55).
    """

    _inherit = "kmp.share.operation"

    beneficiary_id = fields.Many2one(
        "res.partner",
        "Paid Out To",
        compute="_compute_beneficiary_id",
        store=True,
        readonly=False,
        precompute=True,
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
        default=True, help="What the member owes from trade is deducted, the oldest debt first."
    )
    cancel_dues = fields.Boolean(
        "Cancel Open Dues",
        default=True,
        help="Dues that were called and not paid lapse when the member has left: what they paid in would have to be paid back at once.",
    )
    debts = fields.Monetary("Owes from Trade", compute="_compute_debts", compute_sudo=True)
    open_dues = fields.Monetary(compute="_compute_debts", compute_sudo=True)

    _loss_within_amount = models.Constraint(
        "CHECK (COALESCE(loss_amount, 0) >= 0 AND COALESCE(loss_amount, 0) <= amount)",
        "The loss charged is part of the amount.",
    )

    @api.depends("kind", "membership_id")
    def _compute_beneficiary_id(self):
        """Proposed, not enforced: who inherits is for the officer to see."""
        for operation in self:
            has_died = operation.kind == "redemption" and operation.membership_id.left_reason == "deceased"
            operation.beneficiary_id = has_died and operation.membership_id.heir_id

    @api.depends("kind", "membership_id", "company_id", "state")
    def _compute_debts(self):
        for operation in self:
            is_open = (
                operation.kind == "redemption" and operation.state == "draft" and operation.membership_id
            )
            operation.debts = sum(debt for _account, debt in operation._get_debts()) if is_open else 0
            operation.open_dues = sum(operation._get_open_dues().mapped("amount_open")) if is_open else 0

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
        self._check_open_dues()
        self._check_beneficiary()

    def _check_open_dues(self):
        if not self.cancel_dues and (dues := self._get_open_dues()):
            raise UserError(
                self.env._(
                    "%(member)s still owes %(amount)s of dues. Let the redemption cancel them, or take their payment first.",
                    member=self.membership_id.display_name,
                    amount=self.share_type_id._format(sum(dues.mapped("amount_open"))),
                )
            )

    def _check_beneficiary(self):
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
            # the records of an unsaved form have no id of their own: ids are those of the saved ones
            ("partner_id", "in", self.partner_id.ids),
            ("company_id", "in", self.company_id.ids),
            ("parent_state", "=", "posted"),
            ("account_type", "=", "asset_receivable"),
            ("reconciled", "=", False),
            ("account_id", "not in", self.company_id._get_dues_receivable_accounts().ids),
        ]

    def _after_post(self):
        result = super()._after_post()
        if self.kind == "redemption":
            self._reconcile_debts()
            self._cancel_open_dues()
        return result

    def _get_open_dues(self):
        """Dues that who left was called for and has not paid: kmp.contribution.line, as superuser."""
        if self.membership_id.state != "left":
            return self.env["kmp.contribution.line"].sudo()
        member = self.membership_id._origin
        items = member._get_open_dues_items()[member]
        # sudo: as in action_post
        return self.env["kmp.contribution.line"].sudo().search([("move_line_id", "in", items.ids)])

    def _cancel_open_dues(self):
        """Dues of who left lapse on the day of the redemption; what was paid of them was redeemed with the rest."""
        dues = self._get_open_dues()
        if dues:
            dues._waive(max(self.date, *dues.run_id.mapped("date")), self.env._("Redemption %s", self.name))

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
