from odoo import models
from odoo.exceptions import UserError

PAYING_STATES = ("applicant", "approved", "active", "suspended")


class ShareOperation(models.Model):
    """What a member pays in."""

    _inherit = "kmp.share.operation"

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

    def _check_counterpart(self):
        if not self._get_counterpart_account():
            raise UserError(
                self.env._(
                    "The journal %(journal)s has no default account. Set one, or choose another journal.",
                    journal=self.journal_id.name,
                )
            )

    def _get_counterpart_account(self):
        # sudo: clerks do not read the accounts of a journal
        return self.counterpart_account_id or self.journal_id.sudo().default_account_id

    def _get_deposit_lines(self):
        """[(account, debit less credit)] of the entry."""
        return [(self._get_counterpart_account(), self.amount), (self.share_type_id.account_id, -self.amount)]
