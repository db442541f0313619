import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.kmp_membership.tools import is_unsealed

from ..engine.sample import RANDOM, VALUE

SEALED_FIELDS = {"state", "drawn_on", "population", "population_value", "line_ids"}
SETTINGS = {"seed", "method", "size", "is_by_journal", "key_value", "audit_id"}
SEED_BYTES = 4
MAX_SIZE = 10_000


class KmpAuditSample(models.Model):
    """A sample of the year's posted entries that anybody can draw again from the ledger and the seed.

    How it is drawn stands in `engine/sample.py`, with which an auditor draws it at home; `sql/sample.py` draws the same inside
    PostgreSQL. What was drawn does not change; what the auditor found stands on its lines.
    """

    _name = "kmp.audit.sample"
    _description = "Audit Sample"
    _order = "audit_id desc, id desc"

    audit_id = fields.Many2one("kmp.audit", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="audit_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    audit_state = fields.Selection(related="audit_id.state", string="Status of the Audit")
    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    method = fields.Selection(
        [(RANDOM, "Random"), (VALUE, "By value (monetary unit)")],
        required=True,
        default=RANDOM,
        help="Random: each entry has the same chance. By value: each rupiah has.",
    )
    seed = fields.Char(
        required=True,
        default=lambda self: str(int(secrets.token_hex(SEED_BYTES), 16)),
        help="Same ledger and same seed: same sample. Roll dice for it, or agree on it before the books are closed.",
    )
    size = fields.Integer(required=True, default=25, help="Entries to draw, of each stratum.")
    is_by_journal = fields.Boolean("A Stratum per Journal")
    key_value = fields.Monetary(
        "Take All from",
        help="Entries worth at least this much are all taken; the others are drawn. 0 for no such limit.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("drawn", "Drawn")], required=True, readonly=True, default="draft", copy=False
    )
    drawn_on = fields.Datetime(readonly=True, copy=False)
    population = fields.Integer(
        "Entries of the Year", readonly=True, copy=False, help="Posted entries when the sample was drawn."
    )
    population_value = fields.Monetary("Their Value", readonly=True, copy=False)
    line_ids = fields.One2many("kmp.audit.sample.line", "sample_id", "Entries", readonly=False, copy=False)
    line_count = fields.Integer("Drawn Entries", compute="_compute_counts")
    open_count = fields.Integer("To Look At", compute="_compute_counts")
    exception_count = fields.Integer("Exceptions", compute="_compute_counts")

    _size_positive = models.Constraint("CHECK(size > 0)", "A sample has one entry at least.")
    _key_value_positive = models.Constraint(
        "CHECK(key_value IS NULL OR key_value >= 0)",
        "The value from which all entries are taken is not below zero.",
    )

    @api.depends("method", "size", "seed")
    def _compute_name(self):
        labels = dict(self._fields["method"]._description_selection(self.env))
        for sample in self.filtered(lambda sample: sample.state != "drawn"):
            sample.name = f"{labels.get(sample.method, '')} {sample.size}, {sample.seed or ''}"

    @api.depends("line_ids.result")
    def _compute_counts(self):
        for sample in self:
            results = sample.line_ids.mapped("result")
            sample.line_count = len(results)
            sample.open_count = results.count("open")
            sample.exception_count = results.count("exception")

    @api.constrains("size")
    def _check_size(self):
        for sample in self.filtered(lambda sample: sample.size > MAX_SIZE):
            raise ValidationError(
                self.env._(
                    "%(sample)s asks for %(size)s entries. A sample has at most %(limit)s; take the whole ledger instead.",
                    sample=sample.name,
                    size=sample.size,
                    limit=MAX_SIZE,
                )
            )

    @api.constrains("seed")
    def _check_seed(self):
        for sample in self.filtered(lambda sample: not (sample.seed or "").strip().isprintable()):
            raise ValidationError(self.env._("%s: a seed is one line of text.", sample.name))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
        samples = super().create(vals_list)
        samples.audit_id._check_open()
        return samples

    def write(self, vals):
        self._check_sealed(vals)
        if not is_unsealed(self.env):
            self.audit_id._check_open()
            if SETTINGS & set(vals):
                self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_finished(self):
        self.audit_id._check_open()

    def _check_sealed(self, vals):
        """The lines may be written through the sample: each of them says what of it."""
        sealed = SEALED_FIELDS & set(vals)
        if sealed == {"line_ids"} and all(command[0] == 1 for command in vals["line_ids"]):
            return
        if sealed and not is_unsealed(self.env):
            raise UserError(self.env._("What a sample drew is not entered by hand. Draw it."))

    def _check_draft(self):
        for sample in self.filtered(lambda sample: sample.state != "draft"):
            raise UserError(
                self.env._(
                    "%(sample)s is drawn and does not change. Make another sample.", sample=sample.name
                )
            )

    @property
    def file_name(self):
        """What its working list is called, for a workbook."""
        return self.name
