from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome, Pair


class TieOutOpening(models.AbstractModel):
    """Opening = last year's closing: nothing was posted into an earlier year after somebody looked at it.

    In Odoo an opening balance is the sum of all earlier items, so it equals what the ledger calls last year's closing, always. It
    is therefore compared with what was kept: the closing balances of the last finished audit, and the surplus that
    last year's distribution was computed from. Query budget: one each.
    """

    _name = "kmp.audit.tie.out.opening"
    _description = "Opening balances = last year's closing"
    _inherit = "kmp.audit.tie.out"

    _place = 60

    def _examine(self, audit):
        previous = self._get_previous(audit)
        runs = self._get_previous_runs(audit)
        if not previous and not runs:
            return Outcome(
                is_nothing=True,
                note=self.env._(
                    "No audit of an earlier year is finished and last year has no distribution: nothing was kept to compare with."
                ),
            )
        pairs = list(self._compare_balances(audit, previous)) if previous else []
        pairs += [self._compare_surplus(run) for run in runs]
        return Outcome(
            pairs=pairs,
            note=self.env._(
                "%(count)s amounts, of %(sources)s",
                count=len(pairs),
                sources=", ".join([*previous.mapped("name"), *runs.mapped("name")]),
            ),
            model="account.move.line",
            domain=[
                ("company_id", "=", audit.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", "<", str(audit.date_from)),
                ("create_date", ">", str(previous.finished_on or runs[:1].computed_on)),
            ],
        )

    def _get_previous(self, audit):
        """The last finished audit of a year that ended before this one, whoever made it."""
        return self.env["kmp.audit"].search(
            [
                ("company_id", "=", audit.company_id.id),
                ("state", "=", "finished"),
                ("date_to", "<", audit.date_from),
            ],
            order="date_to desc, finished_on desc",
            limit=1,
        )

    def _get_previous_runs(self, audit):
        runs = self.env["kmp.shu.run"].search(
            [
                ("company_id", "=", audit.company_id.id),
                ("date_to", "<", audit.date_from),
                ("state", "in", ("posted", "closed")),
            ],
            order="date_to desc, id",
        )
        last = runs.filtered(lambda run: run.date_to == runs[:1].date_to)
        return last - last.corrects_id

    def _compare_balances(self, audit, previous):
        """What each account held at the end of the earlier year: as it was kept, and as the ledger has it now."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(kept.account_id, ledger.account_id), COALESCE(kept.balance, 0)::text,
                       COALESCE(ledger.balance, 0)::text
                  FROM (SELECT account_id, balance FROM kmp_audit_balance WHERE audit_id = %s) kept
             FULL JOIN (SELECT account_id, SUM(balance) AS balance FROM account_move_line
                         WHERE company_id = %s AND parent_state = 'posted' AND date <= %s AND account_id IS NOT NULL
                         GROUP BY 1) ledger ON ledger.account_id = kept.account_id
                 ORDER BY 1
                """,
                previous.id,
                audit.company_id.id,
                previous.date_to,
            )
        )
        names = {
            account.id: account.display_name
            for account in self.env["account.account"].browse(r[0] for r in rows)
        }
        for account, kept, now in rows:
            yield Pair(names[account], Decimal(kept), Decimal(now))

    def _compare_surplus(self, run):
        [[surplus]] = self.env.execute_query(
            SQL("SELECT surplus::text FROM kmp_shu_run WHERE id = %s", run.id)
        )
        now = run.company_id._get_ledger_part(run.date_from, run.date_to)
        return Pair(
            self.env._("Surplus of %(run)s, and its year's ledger now", run=run.name),
            Decimal(surplus),
            now.amount,
        )
