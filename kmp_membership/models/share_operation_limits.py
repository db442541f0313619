from odoo import models
from odoo.exceptions import UserError


class ShareOperation(models.Model):
    """What an operation may leave a member with: never less than nothing, and what the class holds at least and at most."""

    _inherit = "kmp.share.operation"

    def _check_limits(self):
        """The holding that the class allows on the day of the operation."""
        for operation in self:
            membership = operation.membership_id
            if membership.state not in ("active", "suspended"):
                continue
            terms = self.env["kmp.share.term"]._get_terms(membership.class_id, operation.date)[
                membership.class_id
            ]
            for share_type in operation.share_type_id | operation.target_share_type_id:
                if term := terms.get(share_type):
                    operation._check_limit(term, share_type in operation._get_debited_types())

    def _check_limit(self, term, is_debited):
        share_type = term.share_type_id
        held = share_type._get_lowest_holding(self.partner_id, self._get_debit_date())
        if (is_debited and held < term.minimum) or (not is_debited and term.maximum and held > term.maximum):
            raise UserError(
                self.env._(
                    "%(name)s: %(member)s would hold %(held)s of %(share_type)s. The class %(class)s holds at least %(minimum)s%(maximum)s.",
                    **{
                        "name": self.display_name,
                        "member": self.membership_id.display_name,
                        "held": share_type._format(held),
                        "share_type": share_type.name,
                        "class": term.class_id.display_name,
                        "minimum": share_type._format(term.minimum),
                        "maximum": self.env._(" and at most %s", share_type._format(term.maximum))
                        if term.maximum
                        else "",
                    },
                )
            )

    def _check_nobody_overdrawn(self):
        """No member may hold less than nothing of a type, on the day of the operation or on any later day."""
        for operation in self:
            # sudo: what was paid on a type is held whether or not the user may see the type
            for share_type in operation._get_debited_types().sudo():
                held = share_type._get_lowest_holding(operation.partner_id, operation._get_debit_date())
                if held < 0:
                    raise UserError(
                        self.env._(
                            "%(name)s: %(member)s would hold %(held)s of %(share_type)s. Choose a smaller amount or another day.",
                            name=operation.display_name,
                            member=operation.membership_id.display_name,
                            held=share_type._format(held),
                            share_type=share_type.name,
                        )
                    )

    def _get_debited_types(self):
        """The share types of which the member holds less because of the operation, or of its reversal."""
        return self.share_type_id

    def _get_debit_date(self):
        return self.sudo().reversal_move_id.date or self.date  # sudo: the entry belongs to accounting
