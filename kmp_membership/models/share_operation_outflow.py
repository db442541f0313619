from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

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
    holding = fields.Monetary(
        "Held", compute="_compute_holding", help="What the member holds of the share type on that day."
    )

    _conversion_has_target = models.Constraint(
        "CHECK (kind <> 'conversion' OR (target_share_type_id IS NOT NULL AND target_share_type_id <> share_type_id))",
        "A conversion names another share type to convert into.",
    )

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

    def _get_debited_types(self):
        """A deposit takes nothing out, but its reversal does; a conversion does the one here and the other there."""
        undone = self.state == "reversed"
        if self.kind == "conversion":
            return self.target_share_type_id if undone else self.share_type_id
        return self.share_type_id if (self.kind == "deposit") == undone else self.env["kmp.share.type"]

    def _get_withdrawal_lines(self):
        return [(self.share_type_id.account_id, self.amount), (self._get_counterpart_account(), -self.amount)]

    def _get_conversion_lines(self):
        return [
            (self.share_type_id.account_id, self.amount),
            (self.target_share_type_id.account_id, -self.amount),
        ]
