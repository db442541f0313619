from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed

SHORT_HASH = 12
SEALED_FIELDS = {
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
    _inherit = ["mail.thread", "mail.activity.mixin", "kmp.background", "kmp.shu.step", "kmp.shu.waterfall"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    scheme_id = fields.Many2one(
        "kmp.shu.scheme",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'in_force')]",
        tracking=True,
    )
    date_from = fields.Date(
        "Year From", required=True, default=lambda self: self._default_year()["date_from"]
    )
    date_to = fields.Date("Year To", required=True, default=lambda self: self._default_year()["date_to"])
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
    resolution = fields.Char(
        copy=False,
        tracking=True,
        help="Number of the resolution of the members' meeting (UU 25/1992 art. 23).",
    )
    posting_date = fields.Date(copy=False, tracking=True, help="Accounting date of the entry.")
    move_id = fields.Many2one("account.move", "Entry", readonly=True, copy=False)
    reversal_move_id = fields.Many2one("account.move", "Reversal", readonly=True, copy=False)
    pool_ids = fields.One2many("kmp.shu.pool", "run_id", readonly=True)
    share_ids = fields.One2many("kmp.shu.share", "run_id", readonly=True)

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "The year of a distribution cannot end before it begins."
    )
    _one_live = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (state != 'reversed' AND corrects_id IS NULL)""",
        "The company already has a distribution for a part of this year. Open that one, or "
        "reverse or delete it first.",
    )

    @api.model
    def _default_year(self):
        """The last fiscal year of the company that has ended."""
        company = self.env.company
        current = company.compute_fiscalyear_dates(fields.Date.context_today(self))
        return company.compute_fiscalyear_dates(fields.Date.subtract(current["date_from"], days=1))

    @api.depends("date_to")
    def _compute_name(self):
        for run in self:
            run.name = run.name or (f"SHU {run.date_to.year}" if run.date_to else False)

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

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
        self._check_one_live(vals_list)
        return super().create(vals_list)

    def _check_one_live(self, vals_list):
        """Name the run that is in the way, before the constraint refuses the new one."""
        defaults = self.default_get(["company_id", "date_from", "date_to"])
        for vals in vals_list:
            year = defaults | vals
            if year.get("corrects_id"):
                continue
            other = self.search(
                [
                    ("company_id", "=", year["company_id"]),
                    ("state", "!=", "reversed"),
                    ("corrects_id", "=", False),
                    ("date_from", "<=", year["date_to"]),
                    ("date_to", ">=", year["date_from"]),
                ],
                limit=1,
            )
            if other:
                raise UserError(
                    self.env._(
                        "%(company)s already has a distribution of a part of this year: %(run)s. "
                        "Open that one, or reverse or delete it first.",
                        company=other.company_id.name,
                        run=other.name,
                    )
                )

    def write(self, vals):
        self._check_sealed(vals)
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

    def _check_sealed(self, vals):
        """What a step of the distribution writes, nobody writes by hand."""
        sealed = SEALED_FIELDS & set(vals)
        if sealed and not is_unsealed(self.env):
            raise UserError(
                self.env._(
                    "The result of a distribution changes by its buttons only: %(fields)s.",
                    fields=", ".join(sorted(sealed)),
                )
            )
