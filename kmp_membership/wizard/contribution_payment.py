from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ContributionPayment(models.TransientModel):
    """Dues paid at the counter or to the bank: one entry per member, matched with the oldest dues first, then by share type."""

    _name = "kmp.contribution.payment"
    _description = "Pay Dues"
    _check_company_auto = True

    membership_ids = fields.Many2many("kmp.membership", string="Members", required=True)
    member_count = fields.Integer(compute="_compute_amount_open")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        "Paid To",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
        domain="[('type', 'in', ('cash', 'bank'))]",
    )
    amount_open = fields.Monetary("Open Dues", compute="_compute_amount_open")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="What is paid above the open dues waits as a credit of the member.",
    )
    memo = fields.Char()

    @api.depends("membership_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.membership_ids.company_id[:1]

    @api.depends("company_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = wizard.company_id._get_deposit_journal()

    @api.depends("membership_ids")
    def _compute_amount_open(self):
        for wizard in self:
            wizard.member_count = len(wizard.membership_ids)
            wizard.amount_open = sum(wizard.membership_ids.mapped("dues_open"))

    @api.depends("membership_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.amount_open

    def action_confirm(self):
        """Post and match the payment.

        :raise UserError: nothing to pay, several companies, an amount of several members that is not all they owe, a locked day
        """
        self.ensure_one()
        self.membership_ids._check_dues_officer()
        self.membership_ids.check_access("write")
        self.membership_ids.lock_for_update(allow_referencing=True)
        self._check()
        open_items = self.membership_ids._get_open_dues_items()
        paid = {
            membership: self.amount if len(open_items) == 1 else membership.dues_open
            for membership in open_items
        }
        payers = self.membership_ids.filtered(lambda membership: paid[membership])
        splits = [self._split(paid[membership], open_items[membership]) for membership in payers]
        # sudo: an officer of the co-operative takes dues without any other right in accounting
        moves = (
            self.env["account.move"]
            .sudo()
            .create(
                [
                    self._prepare_move_vals(membership, split)
                    for membership, split in zip(payers, splits, strict=True)
                ]
            )
        )
        moves._post(soft=False)
        plan = []
        for membership, move in zip(payers, moves, strict=True):
            for item in open_items[membership]:
                plan += [item | credit for credit in move.line_ids if credit.account_id == item.account_id]
        moves.line_ids._reconcile_plan(plan)
        return {"type": "ir.actions.act_window_close"}

    def _check(self):
        if len(self.membership_ids.company_id) != 1:
            raise UserError(self.env._("Choose members of one company."))
        if self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("There is nothing to pay. Enter an amount above zero."))
        if len(self.membership_ids) > 1 and self.currency_id.compare_amounts(self.amount, self.amount_open):
            raise UserError(
                self.env._(
                    "Several members pay all that they owe. Enter another amount for one member at a time."
                )
            )
        if not self._get_liquidity_account():
            raise UserError(
                self.env._(
                    "The journal %(journal)s has no default account. Set one, or choose another journal.",
                    journal=self.journal_id.name,
                )
            )
        self.company_id._check_not_locked(
            self.date, self.journal_id, ", ".join(self.membership_ids[:3].mapped("display_name"))
        )

    def _get_liquidity_account(self):
        return (
            self.journal_id.sudo().default_account_id
        )  # sudo: clerks do not read the chart of accounts of the journal

    def _split(self, amount, items):
        """{receivable account: what of the amount is paid on it}. Dues of older runs may stand on another account."""
        split = {}
        rest = amount
        for item in items:
            part = min(rest, item.amount_residual)
            split[item.account_id] = split.get(item.account_id, 0) + part
            rest -= part
        if rest > 0:
            account = self.company_id.sudo().kmp_dues_receivable_account_id or items[-1:].account_id
            if not account:
                self.company_id._check_dues_accounts()
            split[account] = split.get(account, 0) + rest
        return {
            account: self.currency_id.round(part)
            for account, part in split.items()
            if not self.currency_id.is_zero(part)
        }

    def _prepare_move_vals(self, membership, split):
        label = self.memo or self.env._("Dues %(number)s", number=membership.number or "")
        common = {
            "name": label,
            "partner_id": membership.partner_id.id,
            "currency_id": self.currency_id.id,
            "analytic_distribution": {},
        }
        amount = self.currency_id.round(sum(split.values()))
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": label,
            "partner_id": membership.partner_id.id,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "account_id": self._get_liquidity_account().id,
                        "balance": amount,
                        "amount_currency": amount,
                    }
                )
            ]
            + [
                Command.create(
                    {**common, "account_id": account.id, "balance": -part, "amount_currency": -part}
                )
                for account, part in split.items()
            ],
        }
