from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from .shu_step import ACCOUNTANT, OFFICER


class KmpShuPayout(models.Model):
    """The steps of a payout: who may take them, from which state, and what they leave behind."""

    _inherit = "kmp.shu.payout"

    def _get_noun(self):
        return self.env._("a payout")

    # Actions

    def action_confirm(self):
        """Authorise the amounts. For an officer who did not prepare them.

        Raises UserError, naming the lines, when something that must hold does not.
        """
        self._begin(OFFICER, self.env._("confirm"), "draft")
        if self.prepared_by_id == self.env.user:
            raise UserError(
                self.env._(
                    "Payout %(payout)s was prepared by you. Someone else must confirm it.",
                    payout=self.display_name,
                )
            )
        self._lock_shares()
        self._check_ready()
        self._update_taxes()
        self._execute_on_lines(
            SQL(
                """
                UPDATE kmp_shu_payout_line line SET state = 'confirmed', is_settled = %(is_settled)s,
                       account_number = (SELECT sanitized_acc_number FROM res_partner_bank WHERE id = line.partner_bank_id)
                 WHERE payout_id = %(payout)s
                """,
                is_settled=self.method != "cash",
                payout=self.id,
            )
        )
        unsealed(self).write(
            {
                "state": "confirmed",
                "confirmed_by_id": self.env.uid,
                "confirmed_on": fields.Datetime.now(),
            }
        )

    def action_reset_to_draft(self):
        """Take back a confirmation before anything is posted. What was marked as handed over must be unmarked first."""
        self._begin(ACCOUNTANT, self.env._("reset"), "confirmed")
        if self.method == "cash" and self.settled_count:
            raise UserError(
                self.env._(
                    "Payout %(payout)s: %(count)s members have their money. Post it, or take back the marks first.",
                    payout=self.display_name,
                    count=self.settled_count,
                )
            )
        self._execute_on_lines(
            SQL(
                "UPDATE kmp_shu_payout_line SET state = 'draft', is_settled = FALSE, account_number = NULL WHERE payout_id = %s",
                self.id,
            )
        )
        unsealed(self).write(
            {
                "state": "draft",
                "prepared_by_id": self.env.uid,
                "confirmed_by_id": False,
                "confirmed_on": False,
                "bank_file": False,
                "bank_file_name": False,
            }
        )

    def action_post(self):
        """Post what was handed over; what was not stays open on the share."""
        self._begin(ACCOUNTANT, self.env._("post"), "confirmed")
        self._lock_shares()
        self._check_ready()
        self._settle_lines()
        self._update_taxes()
        self._post_entry()
        self._update_paid()
        self._check_entry()
        unsealed(self).write({"state": "posted", "posted_by_id": self.env.uid})
        self.run_id._update_closed()

    def action_reverse(self):
        """Undo the matching, reverse the entries exactly and once: the shares are open again."""
        self._begin(ACCOUNTANT, self.env._("reverse"), "posted")
        self._lock_shares()
        day = max(fields.Date.context_today(self), self.date)
        self._reverse_entry(day)
        self._execute_on_lines(
            SQL(
                "UPDATE kmp_shu_payout_line SET state = 'reversed' WHERE payout_id = %s AND state = 'paid'",
                self.id,
            )
        )
        self._update_paid()
        unsealed(self).write({"state": "reversed", "reversed_on": day})
        self.run_id._update_closed()

    # Sets of lines

    def _execute_on_lines(self, statement: SQL):
        """Run a statement on the lines, whatever their number; the cache follows."""
        self.env.flush_all()
        self.env.cr.execute(statement)
        self.env["kmp.shu.payout.line"].invalidate_model()
        self.invalidate_recordset(["line_count", "settled_count", "amount", "tax_amount"])

    def _lock_shares(self):
        """Two users who pay the same share at once, or one who pays while the other reverses the distribution: the second
        transaction starts again and sees the first. With its corrections a year is one."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE kmp_shu_run SET state = state WHERE company_id = %s AND date_from = %s",
                self.company_id.id,
                self.run_id.date_from,
            )
        )

    def _settle_lines(self):
        if not self.settled_count:
            raise UserError(
                self.env._(
                    "Payout %(payout)s: nobody is marked as having got the money. Mark those who have, or reset it to draft.",
                    payout=self.display_name,
                )
            )
        self._execute_on_lines(
            SQL(
                """
                UPDATE kmp_shu_payout_line SET state = CASE WHEN is_settled THEN 'paid' ELSE 'not_paid' END
                 WHERE payout_id = %s
                """,
                self.id,
            )
        )
