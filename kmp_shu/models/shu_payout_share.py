from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed


class KmpShuPayout(models.Model):
    """Into shares, with the consent of each member: one share operation per member, from the SHU payable to the share account.

    So the register of shares is the ledger, and what the class allows a member to hold is checked as for any deposit.
    """

    _inherit = "kmp.shu.payout"

    share_type_id = fields.Many2one("kmp.share.type", check_company=True, ondelete="restrict", tracking=True)

    def _check_share(self):
        if not self.share_type_id:
            raise UserError(
                self.env._(
                    "Payout %(payout)s: choose the share type that the members get.", payout=self.display_name
                )
            )

    def _prepare_share_items(self):
        """The operations credit the shares; the entry of the payout has the tax alone, if any."""
        return []

    def _post_operations(self):
        plan = super()._post_operations()
        if self.method != "share":
            return plan
        lines = self.line_ids.filtered(lambda line: line.state == "paid")
        # sudo: an officer has confirmed these amounts; the accountant who posts them need not be one
        operations = (
            self.env["kmp.share.operation"]
            .sudo()
            .create([self._prepare_operation_vals(line) for line in lines])
        )
        for line, operation in zip(unsealed(lines.sudo()), operations, strict=True):
            line.operation_id = operation
        operations.action_post()
        return plan + self._get_payable_plan(operations.move_id.line_ids)

    def _prepare_operation_vals(self, line):
        return {
            "kind": "deposit",
            "method": "surplus",
            "company_id": self.company_id.id,
            "membership_id": line.membership_id.id,
            "share_type_id": self.share_type_id.id,
            "date": self.date,
            "amount": line.amount,
            "journal_id": self.journal_id.id,
            "counterpart_account_id": self.run_id.payable_account_id.id,
            "memo": f"{self.name} {self.run_id.name} {line.number}",
        }

    def _get_operation_moves(self):
        # sudo: who may see the payout may know which entries it posted
        operations = self.line_ids.sudo().operation_id
        return super()._get_operation_moves() | (operations.move_id | operations.reversal_move_id).sudo(
            flag=False
        )

    def _reverse_operations(self, day):
        result = super()._reverse_operations(day)
        # sudo: as in _post_operations
        operations = self.line_ids.sudo().operation_id
        if operations:
            operations.move_id.line_ids.remove_move_reconcile()
            unsealed(operations)._reverse(day, self.env._("Reversal of %s", self.name))
        return result


class KmpShareOperation(models.Model):
    """An operation that turns a share of the surplus into shares belongs to its payout."""

    _inherit = "kmp.share.operation"

    def _get_payout_lines(self):
        # sudo: an operation stays the payout's whoever may see the payout
        lines = self.env["kmp.shu.payout.line"].sudo()
        return lines.search([("operation_id", "in", self.ids)])

    def _check_surplus_owed(self):
        """What a member is owed of a distribution is known by the list of shares, and so is what of it is paid: by a payout."""
        if self._get_payout_lines():
            return None
        # sudo: a distribution concerns the account whoever may see the distribution
        runs = self.env["kmp.shu.run"].sudo()
        of_shu = [
            ("payable_account_id", "=", self._get_counterpart_account().id),
            ("company_id", "=", self.company_id.id),
        ]
        if runs.search_count(of_shu, limit=1):
            raise UserError(
                self.env._(
                    "%(account)s is owed of a distribution. Prepare a payout into shares there, so that the share is paid once.",
                    account=self._get_counterpart_account().display_name,
                )
            )
        return super()._check_surplus_owed()

    def _match_counterpart(self):
        if not self._get_payout_lines():  # the payout matches with its own distribution
            return super()._match_counterpart()
        return None

    def _check_can_reverse(self):
        result = super()._check_can_reverse()
        paid = self._get_payout_lines().filtered(lambda line: line.state == "paid")
        if paid and not is_unsealed(self.env):
            raise UserError(
                self.env._(
                    "%(operation)s is part of the payout %(payout)s. Reverse that one instead.",
                    operation=self.display_name,
                    payout=paid[0].payout_id.name,
                )
            )
        return result
