from decimal import Decimal

from odoo import api, fields, models

from ..engine import scheme as engine
from .shu_scheme_line import PERCENT_DIGITS, exact_number

VALUE_DIGITS = (16, 6)


class KmpShuSchemeLine(models.Model):
    """What a line is a part of, what it gets at least and at most, and on which condition.

    A line whose condition is not met in a year gets nothing then: `kmp.shu.run.condition` holds what
    was decided for a run, and the run hands the lines that were not met to the engine.
    """

    _inherit = "kmp.shu.scheme.line"

    surplus_part = fields.Selection(
        [
            ("surplus", "The whole surplus"),
            ("member", "What was earned with members"),
            ("non_member", "What was earned with non-members"),
        ],
        required=True,
        default="surplus",
        help="For a line at the top. A scheme divides the whole surplus, or its two parts apart.",
    )
    floor_percent = fields.Float(
        "At Least",
        digits=PERCENT_DIGITS,
        help="Percent of the surplus, or of the part that the line stands under, that it gets at least. 0 is none.",
    )
    cap_measure = fields.Selection(
        [
            ("surplus", "Percent of the surplus"),
            ("weight", "Percent of the members' capital or business"),
            ("rate", "Times the rate of another line"),
        ],
        string="At Most",
        help="The rate of a line is its amount by rupiah of capital or business. Day-weighted capital "
        "counts as what was held on average.",
    )
    cap_value = fields.Float("Cap", digits=VALUE_DIGITS)
    cap_reference_id = fields.Many2one(
        "kmp.shu.scheme.line",
        string="Rate Of",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('scheme_id', '=', scheme_id), ('id', '!=', id), ('kind', 'in', ('capital', 'patronage'))]",
    )
    excess_line_id = fields.Many2one(
        "kmp.shu.scheme.line",
        string="Excess To",
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('scheme_id', '=', scheme_id), ('id', '!=', id), ('kind', 'in', ('reserve', 'fund'))]",
        help="Where that goes which is above the cap, and all of the line when its condition is not "
        "met. Empty: the lines beside it share it by their percentages.",
    )
    condition = fields.Char(
        translate=True,
        help="Filled: the line is paid only in a year for which an officer decides that this is met.",
    )
    share_type_ids = fields.Many2many(
        "kmp.share.type",
        string="Share Types",
        check_company=True,
        help="The share types whose capital counts. Empty: those that count for the capital base.",
    )
    bound_summary = fields.Char("Limits", compute="_compute_bound_summary")

    @api.depends(
        "floor_percent",
        "cap_measure",
        "cap_value",
        "cap_reference_id.code",
        "excess_line_id.code",
        "condition",
    )
    def _compute_bound_summary(self):
        for line in self:
            line.bound_summary = ", ".join(line._describe_bounds()) or False

    def _describe_bounds(self):
        """Floor, cap and condition in short, e.g. `≥ 57.5%`, `≤ 2 × JM, rest to R`."""
        if self.floor_percent:
            yield f"≥ {_plain(self.floor_percent)}%"
        if self.cap_measure:
            yield f"≤ {self._describe_cap()}"
        if self.condition:
            yield self.env._("if %s", self.condition)
        if self.excess_line_id and (self.cap_measure or self.condition):
            yield self.env._("rest to %s", self.excess_line_id.code or "")

    def _describe_cap(self):
        value = _plain(self.cap_value)
        if self.cap_measure == "rate":
            return f"{value} × {self.cap_reference_id.code or '?'}"
        if self.cap_measure == "weight":
            of = self.env._("of capital") if self.kind == "capital" else self.env._("of business")
            return f"{value}% {of}"
        return f"{value}%"

    @api.onchange("cap_measure")
    def _onchange_cap_measure(self):
        if self.cap_measure != "rate":
            self.cap_reference_id = False
        if not self.cap_measure:
            self.cap_value = 0

    def _get_engine_parent(self):
        return self.parent_id.code or self.surplus_part or engine.ROOT

    def _get_engine_cap(self, is_met):
        excess = self.excess_line_id.code or ""
        if self.condition and not is_met:
            return engine.Cap("condition", Decimal(0), excess=excess)
        if not self.cap_measure:
            return None
        reference = self.cap_reference_id.code or "" if self.cap_measure == "rate" else ""
        return engine.Cap(self.cap_measure, exact_number(self.cap_value), reference, excess)


def _plain(value):
    return f"{exact_number(value):f}"
