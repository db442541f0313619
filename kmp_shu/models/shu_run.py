import re

from odoo import api, fields, models

SHORT_HASH = 12
AUTOMATIC_NAME = re.compile(r"SHU \d{4}")


class KmpShuRun(models.Model):
    """The distribution of one year's surplus, from the posted ledger to a posted entry.

    Draft, computed by an accountant, approved against its hash by someone else, posted, closed when
    all shares are paid, and if it must be, reversed once; late documents of a posted year enter by a
    correction. The steps stand in `shu_run_step.py`, what runs in the background in
    `shu_run_phase.py`, what changed since in `shu_run_change.py`, corrections in
    `shu_run_correction.py`. What the members weigh stands in `shu_run_weights.py`, how the run
    computes in `shu_run_compute.py`, its bytes in `shu_run_hash.py`, its entry in
    `shu_run_entry.py`.
    """

    _name = "kmp.shu.run"
    _description = "SHU distribution"
    _inherit = ["kmp.shu.year", "kmp.background", "kmp.shu.waterfall"]
    _sealed_fields = frozenset(
        {
            "corrects_id",
            "phase",
            "started_by_id",
            "halted",
            "frozen_header",
            "changes",
            "state",
            "surplus",
            "surplus_before_tax",
            "income_tax",
            "surplus_member",
            "surplus_non_member",
            "residual",
            "distributed",
            "member_count",
            "hash",
            "computed_by_id",
            "computed_on",
            "approved_by_id",
            "approved_on",
            "approved_hash",
            "move_id",
            "reversal_move_id",
            "pool_ids",
            "share_ids",
            "proof_root",
            "proof_key",
        }
    )

    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    scheme_id = fields.Many2one(
        "kmp.shu.scheme",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'in_force')]",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computing", "Computing"),
            ("computed", "Computed"),
            ("approved", "Approved"),
            ("posted", "Posted"),
            ("closed", "Closed"),
            ("reversed", "Reversed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    surplus = fields.Monetary(
        readonly=True, copy=False, help="Income less expense of the year in the posted ledger."
    )
    residual = fields.Monetary(
        readonly=True,
        copy=False,
        help="What rounding leaves at all nodes together; it goes to the first reserve.",
    )
    distributed = fields.Monetary("Members' Part", readonly=True, copy=False, help="The sum of all shares.")
    member_count = fields.Integer("Members", readonly=True, copy=False)
    hash = fields.Char(
        "SHA-256",
        readonly=True,
        copy=False,
        help="Of the canonical bytes of everything that decides the result.",
    )
    hash_short = fields.Char("Hash", compute="_compute_hash_short")
    computed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    computed_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    approved_hash = fields.Char(readonly=True, copy=False)
    pool_ids = fields.One2many("kmp.shu.pool", "run_id", readonly=True)
    share_ids = fields.One2many("kmp.shu.share", "run_id", readonly=True)

    _one_live = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (state != 'reversed' AND corrects_id IS NULL)""",
        "The company already has a distribution for a part of this year. Open that one, or "
        "reverse or delete it first.",
    )

    @api.depends("date_to")
    def _compute_name(self):
        """A name that the user has not chosen follows the year."""
        for run in self.filtered("date_to"):
            if not run.name or AUTOMATIC_NAME.fullmatch(run.name):
                run.name = f"SHU {run.date_to.year}"

    @api.depends("hash")
    def _compute_hash_short(self):
        for run in self:
            run.hash_short = run.hash[:SHORT_HASH] if run.hash else False

    @api.depends("pool_ids.amount", "surplus")
    def _compute_waterfall(self):
        return super()._compute_waterfall()

    def _get_waterfall_bars(self):
        """Reads amounts as floats, for a picture only."""
        if not self.pool_ids or not self.surplus:
            return []
        bars = [self._prepare_waterfall_bar(self.env._("Surplus"), "surplus", 0, 0, self.surplus)]
        ends = {}
        for pool in self.pool_ids:
            start = ends.get(pool.parent_id, 0)
            bars.append(
                self._prepare_waterfall_bar(
                    pool.name, pool.kind, pool.level + 1, 100 * start / self.surplus, pool.amount
                )
                | {
                    "is_split": bool(pool.class_id),
                    "note": not pool.class_id and pool.scheme_line_id.bound_summary,
                }
            )
            ends[pool.parent_id] = start + pool.amount
            ends[pool] = start
        return bars

    def _prepare_waterfall_bar(self, name, kind, level, start, amount):
        return {
            "name": name,
            "kind": kind,
            "level": level,
            "start": start,
            "width": 100 * amount / self.surplus,
            "label": self.currency_id.format(amount),
        }

    def _check_one_live(self, vals):
        """A correction belongs to the chain of the run that it corrects."""
        return None if vals.get("corrects_id") else super()._check_one_live(vals)

    def write(self, vals):
        decisive = {"scheme_id", "date_from", "date_to", "company_id"}
        if decisive & set(vals):
            self._check_state("draft")
        if {"posting_date", "resolution"} & set(vals):
            self._check_state("draft", "computed", "approved")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_posted(self):
        self._check_state("draft", "computed")

    def unlink(self):
        """With its shares, which carry no foreign key."""
        self.check_access("unlink")
        self._unlink_if_not_posted()
        for run in self:
            run._discard_distribution()
        return super().unlink()
