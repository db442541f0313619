from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

from ..tools import unsealed
from .membership import OFFICER

OPERATION_SEQUENCE = "kmp.share.operation"


class ShareOperation(models.Model):
    """How an operation reaches the ledger, by an officer, and how it is taken back: exactly, and once."""

    _inherit = "kmp.share.operation"

    def action_post(self):
        """Post these drafts, all or none. For officers.

        :raise UserError: not a draft any more, no member, a locked period
        """
        self._check_officer()
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        self._lock_members()
        for operation in self:
            operation._check_can_post()
        # sudo: an officer of the co-operative posts share capital without any other right in accounting
        moves = self.env["account.move"].sudo().create([operation._prepare_move_vals() for operation in self])
        moves._post(soft=False)
        for operation, move in zip(self, moves, strict=True):
            unsealed(operation).write({"state": "posted", "name": operation._next_name(), "move_id": move.id})
            operation._after_post()
        self._check_nobody_overdrawn()
        self._check_limits()
        return True

    def action_reverse(self):
        self._check_officer()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kmp_membership.share_operation_reversal_action"
        )
        return action | {"context": {"default_operation_ids": [Command.set(self.ids)]}}

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._("Only an officer of the co-operative may post or reverse share operations.")
            )

    def _check_can_post(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("%(name)s is already posted.", name=self.display_name))
        self._check_not_locked(self.date)
        getattr(self, f"_check_{self.kind}")()

    def _check_not_locked(self, day, journal=None):
        what = self.env._(
            "%(name)s of %(member)s", name=self.display_name, member=self.membership_id.display_name
        )
        self.company_id._check_not_locked(day, journal or self.journal_id, what)

    def _next_name(self):
        company = self.company_id
        name = self.env._("Share operations of %s", company.name)
        sequence = company._get_kmp_sequence(
            OPERATION_SEQUENCE, name, prefix="SIM/%(range_year)s/", use_date_range=True
        )
        return sequence.next_by_id(sequence_date=self.date)

    def _reverse(self, day, reason=None):
        """Reverse these posted operations exactly and once.

        :raise UserError: not posted (any more), a locked period, or the member would hold less than nothing
        """
        self._check_officer()
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        self._lock_members()
        for operation in self:
            if operation.state != "posted":
                raise UserError(
                    self.env._("%(name)s is not posted, or already reversed.", name=operation.display_name)
                )
            if day < operation.date:
                raise UserError(
                    self.env._(
                        "%(name)s was posted on %(date)s and cannot be reversed before.",
                        name=operation.display_name,
                        date=format_date(self.env, operation.date),
                    )
                )
            operation._check_not_locked(day)
            operation._check_can_reverse()
        # sudo: as in action_post
        moves = unsealed(self.move_id.sudo())
        reversals = moves._reverse_moves(
            [
                {
                    "date": day,
                    "ref": self.env._(
                        "Reversal of %(entry)s: %(reason)s", entry=move.name, reason=reason or "-"
                    ),
                }
                for move in moves
            ]
        )
        reversals._post(soft=False)
        by_origin = {reversal.reversed_entry_id.id: reversal for reversal in reversals}
        for operation in self:
            unsealed(operation).write(
                {"state": "reversed", "reversal_move_id": by_origin[operation.move_id.id].id}
            )
        self._check_nobody_overdrawn()
        if reason:
            self._message_log_batch(bodies={operation.id: reason for operation in self})
        return True

    def _lock_members(self):
        """Two officers who take out of the same holding at once: the second transaction starts again and sees the first."""
        # sudo: locking is no change
        self.env.cr.execute(
            SQL(
                "UPDATE kmp_membership SET write_date = write_date WHERE id = ANY(%s)", self.membership_id.ids
            )
        )
