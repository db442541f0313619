from odoo import api, fields, models
from odoo.tools import SQL

TOTALS = [
    "line_count",
    "member_count",
    "amount_total",
    "amount_paid",
    "amount_open",
    "progress",
    "move_count",
]


class ContributionRun(models.Model):
    """What a run amounts to: read from its lines and their journal items, never stored."""

    _inherit = "kmp.contribution.run"

    skipped_note = fields.Char("Not Billed", compute="_compute_skipped_note")
    line_count = fields.Integer("Lines to Bill", compute="_compute_totals")
    member_count = fields.Integer("Members", compute="_compute_totals")
    amount_total = fields.Monetary("Total", compute="_compute_totals")
    amount_paid = fields.Monetary("Paid", compute="_compute_totals")
    amount_open = fields.Monetary("Open", compute="_compute_totals")
    progress = fields.Float(compute="_compute_totals", help="Percent of the lines that are done.")
    move_count = fields.Integer("Entries", compute="_compute_move_count")

    @api.model
    def _invalidate_totals(self):
        """Forget what was read from lines and journal items: cheaper than a dependency on hundreds of thousands of them."""
        self.env["kmp.contribution.run"].invalidate_model(TOTALS, flush=False)
        self.env["kmp.membership"].invalidate_model(["dues_open", "dues_due"], flush=False)

    @api.depends("state")
    def _compute_totals(self):
        """Query budget: one for all records of the page."""
        self.env["kmp.contribution.line"].flush_model()
        self.env["account.move.line"].flush_model(["amount_residual"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.run_id, COUNT(*), COUNT(DISTINCT l.membership_id), SUM(l.amount - COALESCE(l.amount_waived, 0)) FILTER (WHERE l.state <> 'cancelled'),
                       SUM(aml.amount_residual) FILTER (WHERE l.state = 'billed'), COUNT(*) FILTER (WHERE l.state = 'draft'),
                       COUNT(*) FILTER (WHERE l.state = 'cancelled')
                  FROM kmp_contribution_line l
             LEFT JOIN account_move_line aml ON aml.id = l.move_line_id
                 WHERE l.run_id = ANY(%s) GROUP BY l.run_id
                """,
                self.ids,
            )
        )
        totals = {run_id: values for run_id, *values in rows}
        for run in self:
            count, members, amount, still_open, waiting, cancelled = totals.get(run.id, (0,) * 6)
            billed = run.state in ("billed", "cancelling", "cancelled")
            run.line_count = count
            run.member_count = members
            run.amount_total = amount or 0
            run.amount_open = still_open or 0
            run.amount_paid = run.amount_total - run.amount_open if billed else 0
            done = cancelled if run.state == "cancelling" else count - waiting
            run.progress = 100 * done / count if count else 0

    def _compute_move_count(self):
        # sudo: a number of entries tells nothing that the run does not
        moves = self.env["account.move"].sudo()
        counts = dict(
            moves._read_group(
                [("kmp_contribution_run_id", "in", self.ids)], ["kmp_contribution_run_id"], ["__count"]
            )
        )
        for run in self:
            run.move_count = counts.get(run, 0)

    @api.depends("skipped")
    def _compute_skipped_note(self):
        labels = self._get_skip_labels()
        for run in self:
            counts = run.skipped or {}
            run.skipped_note = ", ".join(
                f"{counts[reason]} {labels[reason]}" for reason in labels if counts.get(reason)
            )

    @api.model
    def _get_skip_labels(self):
        return {
            "billed": self.env._("billed before"),
            "suspended": self.env._("suspended"),
            "exempt": self.env._("exempt"),
            "joining": self.env._("joined in the period"),
            "paid": self.env._("paid in full"),
        }
