from odoo import models

from ..outcome import Outcome
from .tie_out import LISTED


class TieOutBooks(models.AbstractModel):
    """The books still give what the distribution of the year was computed from: no document came in later.

    All inputs are collected anew and hashed. Of a posted year, late documents are no error in themselves: a correction run brings them in.
    """

    _name = "kmp.audit.tie.out.books"
    _description = "The books still give the distribution"
    _inherit = "kmp.audit.tie.out"

    _place = 120

    def _examine(self, audit):
        runs = self._get_live_runs(audit)
        if not runs:
            return Outcome(is_nothing=True, note=self.env._("The year has no distribution."))
        changed = [line for run in runs for line in self._describe_changes(run)]
        return Outcome(
            findings=changed[:LISTED],
            count=len(changed),
            note=", ".join(f"{run.name}: {run.hash}" for run in runs),
            model="kmp.shu.run",
            domain=[("id", "in", runs.ids)],
        )

    def _describe_changes(self, run):
        if run._get_current_hash() == run.hash:
            return []
        return [f"{run.name}: {line}" for line in run._describe_changes(run._get_changes() or {})] or [
            run.name
        ]
