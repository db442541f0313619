from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import unsealed

# Lines in one journal entry: large enough to be quick, small enough to open in a browser and to lose little when killed.
BATCH_LINES = 1000
# Up to here the user waits for the entries; above, they are made in the background.
DIRECT_LINES = 1000


class ContributionRun(models.Model):
    """The batches of a run: each is one entry and, in the background, one transaction."""

    _inherit = "kmp.contribution.run"

    def _start(self):
        if self.line_count > DIRECT_LINES:
            self.env.ref("kmp_membership.contribution_run_cron")._trigger()
            return
        while self._process_batch():
            pass

    @api.model
    def _cron_process(self):
        """Bill and cancel in the background, one entry and one commit after the other.

        A batch that fails stops its run, which says why and waits for an officer; the others go on.
        """
        runs = self.search([("state", "in", ("billing", "cancelling")), ("halted", "=", False)], order="id")
        for run in runs:
            if not run.with_company(run.company_id)._process_in_background():
                return  # out of time: Odoo calls again as long as something remains

    def _count_remaining(self):
        state = "billed" if self.state == "cancelling" else "draft"
        return self.env["kmp.contribution.line"].search_count(
            [("run_id", "=", self.id), ("state", "=", state)]
        )

    def _process_batch(self):
        """Do the next batch of this run, and close the run after the last one.

        :return: the number of lines done; 0 when nothing was left
        """
        self.ensure_one()
        if self.state not in ("billing", "cancelling"):
            return 0
        is_cancelling = self.state == "cancelling"
        # sudo: lines are written by runs only
        lines = (
            self.env["kmp.contribution.line"]
            .sudo()
            .search(
                [("run_id", "=", self.id), ("state", "=", "billed" if is_cancelling else "draft")],
                order="id",
                limit=BATCH_LINES,
            )
        )
        if lines and is_cancelling:
            lines._cancel(self.cancel_date, self.cancel_reason)
        elif lines:
            self._bill(lines)
        self._invalidate_totals()
        if not self._count_remaining():
            unsealed(self).state = "cancelled" if is_cancelling else "billed"
        return len(lines)

    def _bill(self, lines):
        """Post one entry for these lines and tie each to its journal item."""
        self.company_id._check_not_locked(self.date, self.journal_id, self.name)
        move = self._post_dues_entry("bill", self.date, self._prepare_bill_items(lines))
        items = move.line_ids.filtered("partner_id").sorted("id")
        self.env.flush_all()
        # Tied in the order of creation, and only where the member and the amount agree.
        tied = self.env.execute_query(
            SQL(
                """
                UPDATE kmp_contribution_line l SET move_line_id = aml.id, state = 'billed'
                  FROM unnest(%s, %s) AS tie(line_id, item_id), account_move_line aml, kmp_membership m
                 WHERE l.id = tie.line_id AND aml.id = tie.item_id AND m.id = l.membership_id
                   AND aml.partner_id = m.partner_id AND aml.balance = l.amount AND l.state = 'draft'
             RETURNING l.id
                """,
                lines.ids,
                items.ids,
            )
        )
        lines.invalidate_recordset(["state", "move_line_id", "amount_open"])
        if len(tied) != len(lines):
            raise UserError(
                self.env._(
                    "%(run)s: %(count)s lines did not reach the ledger. Nothing was billed; prepare the run again.",
                    run=self.name,
                    count=len(lines) - len(tied),
                )
            )

    def _prepare_bill_items(self, lines):
        """Items of the entry: (account, partner, balance, label, due date)."""
        called = {}
        items = []
        for line in lines:
            share_type = line.share_type_id.name
            called[share_type] = called.get(share_type, 0) + line.amount
            items.append(
                (
                    self.receivable_account_id.id,
                    line.partner_id.id,
                    line.amount,
                    line._describe(share_type),
                    line.date_due,
                )
            )
        return items + [
            (self.called_account_id.id, False, -amount, share_type, False)
            for share_type, amount in called.items()
        ]
