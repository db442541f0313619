from odoo import models
from odoo.tools import SQL

from odoo.addons.kmp_shu.engine.merkle import LEAF, root
from odoo.addons.kmp_shu.sql import merkle

from ..outcome import Outcome, Pair


class TieOutDistribution(models.AbstractModel):
    """The distribution of the year is the one that was approved: its shares still have the hash and the root, and its entry carries them.

    The hash is made anew from the frozen inputs, the root from the shares. The amounts are those of the tie-out that the
    document *Pembagian SHU* prints.
    """

    _name = "kmp.audit.tie.out.distribution"
    _description = "Distribution: hash, root and entry"
    _inherit = "kmp.audit.tie.out"

    _place = 110

    def _examine(self, audit):
        runs = self._get_live_runs(audit)
        if not runs:
            return Outcome(is_nothing=True, note=self.env._("The year has no distribution."))
        return Outcome(
            pairs=[pair for run in runs for pair in self._read_pairs(run)],
            findings=[finding for run in runs for finding in self._find(run)],
            note=", ".join(f"{run.name}: {run.hash}" for run in runs),
            model="kmp.shu.run",
            domain=[("id", "in", runs.ids)],
        )

    def _read_pairs(self, run):
        document = self.env["report.kmp_reports.shu_distribution"]._get_document(run)
        return [
            Pair(f"{run.name}: {check.name}", check.left, check.right)
            for check in document.checks
            if check.right is not None
        ]

    def _find(self, run):
        current = run._get_frozen_hash()
        for name, given in (("SHA-256", run.hash), (self.env._("approved SHA-256"), run.approved_hash)):
            if given and given != current:
                yield self._describe(run, name, given, current)
        if run.proof_root:
            current = self._read_root(run)
            if current != run.proof_root:
                yield self._describe(run, self.env._("root of the proofs"), run.proof_root, current)

    def _describe(self, run, name, given, current):
        return self.env._(
            "%(run)s: its shares give the %(name)s %(current)s, it says %(given)s.",
            run=run.name,
            name=name,
            given=given,
            current=current,
        )

    def _read_root(self, run):
        """The root of the shares as they are now; empty where none is left."""
        rows = self.env.execute_query(
            SQL(
                """SELECT SHA256(%s || CONVERT_TO(leaf, 'UTF8')) FROM (%s) leaf ORDER BY number COLLATE "C" """,
                LEAF,
                merkle.leaves(run, run.proof_key),
            )
        )
        return root([bytes(row[0]) for row in rows]).hex() if rows else ""
