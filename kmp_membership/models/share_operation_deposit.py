from odoo import fields, models
from odoo.exceptions import UserError

from .membership import PAYING_STATES


class ShareOperation(models.Model):
    """Out of what a member pays in, or into what savings are withdrawn.

    *Money* goes through a cash or bank journal. *Wages*: payroll credited a clearing account with what it kept back, and the deposit
    debits it. *Surplus*: the deposit debits what the co-operative owes the member of a distribution (consent is the signed order
    of the member), never more than it owes. Items that the ledger can match are matched, the oldest first.
    """

    _inherit = "kmp.share.operation"

    method = fields.Selection(
        [
            ("money", "Cash or Bank"),
            ("payroll", "Wages"),
            ("surplus", "Surplus (SHU)"),
            ("other", "Another Account"),
        ],
        "Out Of",
        required=True,
        default="money",
        tracking=True,
    )
    counterpart_account_id = fields.Many2one(
        "account.account",
        "Other Account",
        check_company=True,
        ondelete="restrict",
        help="What is debited instead of cash or bank. Empty: the account of the settings for wages or surplus.",
    )

    def _check_deposit(self):
        if self.membership_id.state not in PAYING_STATES:
            raise UserError(
                self.env._(
                    "Member %(member)s is %(state)s and cannot pay in.",
                    member=self.membership_id.display_name,
                    state=self.membership_id._label("state"),
                )
            )
        self._check_counterpart()
        if self.method == "surplus":
            self._check_surplus_owed()

    def _check_counterpart(self):
        if self._get_counterpart_account():
            return
        if self.method == "money":
            raise UserError(
                self.env._(
                    "The journal %(journal)s has no default account. Set one, or choose another journal.",
                    journal=self.journal_id.name,
                )
            )
        raise UserError(
            self.env._(
                "%(name)s of %(member)s: choose the account out of which it is paid (%(method)s), or set one in the settings of the "
                "co-operative.",
                name=self.display_name,
                member=self.membership_id.display_name,
                method=dict(self._fields["method"]._description_selection(self.env))[self.method],
            )
        )

    def _check_surplus_owed(self):
        """Hook: where the surplus is owed in one item per class, another register knows what is owed to the member."""
        account = self._get_counterpart_account()
        # sudo: as in action_post
        items = self.env["account.move.line"].sudo()
        [(balance,)] = items._read_group(self._get_counterpart_domain(account), [], ["balance:sum"])
        if self.currency_id.compare_amounts(self.amount, -balance) > 0:
            raise UserError(
                self.env._(
                    "%(name)s: the co-operative owes %(member)s %(owed)s on %(account)s. Enter a smaller amount.",
                    name=self.display_name,
                    member=self.membership_id.display_name,
                    owed=self.share_type_id._format(-balance),
                    account=account.display_name,
                )
            )

    def _get_counterpart_domain(self, account):
        return [
            ("account_id", "=", account.id),
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("parent_state", "=", "posted"),
        ]

    def _get_counterpart_account(self):
        """Hook: the account against which money comes in or goes out, empty where none is set."""
        # sudo: clerks do not read the accounts of a journal or of the company
        if self.method == "money":
            return self.journal_id.sudo().default_account_id
        if self.method == "payroll" and not self.counterpart_account_id:
            return self.company_id.sudo().kmp_payroll_account_id
        return self.counterpart_account_id

    def _after_post(self):
        result = super()._after_post()
        if self.kind == "deposit":
            self._match_counterpart()
            self._activate_on_first_share()
        return result

    def _activate_on_first_share(self):
        membership = self.membership_id
        if (
            membership.state == "approved"
            and membership.applied_class_id
            and self.company_id.kmp_activate_on_payment
            and not membership._get_entry_dues(membership.applied_class_id, self.date)
        ):
            membership._apply_step(
                "activate", self.date, reason=self.env._("First share paid: %s", self.name)
            )

    def _match_counterpart(self):
        account = self._get_counterpart_account().sudo()  # sudo: as in there
        if self.method == "money" or not account.reconcile:
            return
        # sudo: as in action_post
        items = self.env["account.move.line"].sudo()
        owed = items.search(
            [*self._get_counterpart_domain(account), ("reconciled", "=", False), ("balance", "<", 0)],
            order="date, id",
        )
        own = self.move_id.sudo().line_ids.filtered(lambda line: line.account_id == account)
        (own | owed).reconcile()

    def _get_deposit_lines(self):
        """[(account, debit less credit)] of the entry."""
        return [(self._get_counterpart_account(), self.amount), (self.share_type_id.account_id, -self.amount)]
