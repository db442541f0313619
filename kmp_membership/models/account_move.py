from odoo import api, models
from odoo.exceptions import UserError

from ..tools import is_unsealed


class AccountMove(models.Model):
    """Entries that a document of the co-operative made change and go with that document only."""

    _inherit = "account.move"

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unsealed(self.env):
            sealed = self._get_sealed_fields()
            vals_list = [
                {key: value for key, value in vals.items() if key not in sealed} for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not is_unsealed(self.env):
            if vals.keys() & self._get_sealed_fields():
                raise UserError(
                    self.env._(
                        "Billing or paying dues, or a ticket, marks its entry itself: the mark is not written by hand."
                    )
                )
            if vals.get("state") in ("draft", "cancel") or vals.keys() & {"date", "journal_id"}:
                self._check_no_document()
        result = super().write(vals)
        # Every way to post ends here, _post included. Checked on the finished entry, where all its items are known.
        if vals.get("state") == "posted":
            self.env["account.move.line"]._check_share_items(moves=self)
        if "state" in vals:
            self.env["kmp.membership"].invalidate_model(["paid_in_capital", "savings"], flush=False)
        return result

    def unlink(self):
        self._check_no_document()
        return super().unlink()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._check_no_document()
        return super()._reverse_moves(default_values_list, cancel)

    @api.model
    def _get_sealed_fields(self):
        """The fields that say which document made an entry."""
        return set()

    def _check_no_document(self):
        """The entry of a share operation is undone by reversing the operation, so that both always tell the same."""
        if is_unsealed(self.env):
            return
        # sudo: accountants need not see the operations of the co-operative
        operations = (
            self.env["kmp.share.operation"]
            .sudo()
            .search(
                [
                    "|",
                    "|",
                    ("move_id", "in", self.ids),
                    ("reversal_move_id", "in", self.ids),
                    ("payment_move_id", "in", self.ids),
                ],
                limit=1,
            )
        )
        if operations:
            raise UserError(
                self.env._(
                    "This entry belongs to %(operation)s. Reverse that operation instead: the entry follows.",
                    operation=operations.display_name,
                )
            )
