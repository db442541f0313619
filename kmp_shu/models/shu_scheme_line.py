from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.kmp_membership.tools import KEY_CHECK

from ..engine import scheme as engine

PERCENT_DIGITS = (9, 6)


def exact_number(value):
    """The decimal of six places that PostgreSQL stores for a percentage, factor or amount."""
    return Decimal(f"{value:.6f}").normalize()


class KmpShuSchemeLine(models.Model):
    """A node of the waterfall: a part of the surplus or of a group above it."""

    _name = "kmp.shu.scheme.line"
    _description = "SHU scheme line"
    _order = "sequence, id"
    _check_company_auto = True

    scheme_id = fields.Many2one("kmp.shu.scheme", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="scheme_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("reserve", "Reserve (cadangan)"),
            ("fund", "Fund (dana)"),
            ("group", "Group"),
            ("capital", "On capital (jasa modal)"),
            ("patronage", "On business (jasa usaha)"),
        ],
        required=True,
        default="fund",
    )
    percent = fields.Float(digits=PERCENT_DIGITS, required=True)
    parent_id = fields.Many2one(
        "kmp.shu.scheme.line",
        string="Part of",
        copy=False,
        domain="[('scheme_id', '=', scheme_id), ('kind', '=', 'group')]",
        ondelete="restrict",
        index="btree_not_null",
        help="The group that the line is a part of. Empty: a part of the surplus.",
    )
    basis_id = fields.Many2one(
        "kmp.patronage.basis", string="Patronage Basis", check_company=True, ondelete="restrict"
    )
    capital_base = fields.Selection(
        [
            ("closing", "Closing"),
            ("average", "Average"),
            ("day_weighted", "Day-weighted"),
        ],
        help="Closing: the balance at the end of the year. Average: half of the opening and the "
        "closing balance. Day-weighted: amount times days held.",
    )
    account_id = fields.Many2one(
        "account.account",
        check_company=True,
        ondelete="restrict",
        help="Credited with the amount of a reserve or fund. Members' parts go to SHU payable.",
    )
    split_ids = fields.One2many("kmp.shu.scheme.split", "line_id", "Class Split", copy=True)
    split_summary = fields.Char("By Class", compute="_compute_split_summary")
    citation = fields.Char(help="The clause that the line comes from.")

    _code_unique = models.Constraint("UNIQUE(scheme_id, code)", "Two lines of the scheme have the same code.")
    _code_plain = models.Constraint(
        KEY_CHECK % ("code", "code"),
        "The code of a scheme line holds no TAB, line break or backslash.",
    )

    @api.depends("split_ids.class_id", "split_ids.percent")
    def _compute_split_summary(self):
        for line in self:
            line.split_summary = ", ".join(
                f"{split.class_id.code} {exact_number(split.percent):f}%" for split in line.split_ids
            )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.code} {line.name}"

    @api.onchange("kind")
    def _onchange_kind(self):
        self.capital_base = "closing" if self.kind == "capital" else False
        if self.kind != "patronage":
            self.basis_id = False

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("kind") == "capital":
                vals.setdefault("capital_base", "closing")
        lines = super().create(vals_list)
        lines.scheme_id._check_editable()
        return lines

    def write(self, vals):
        self.scheme_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self.scheme_id._check_editable()

    def _get_sorted_splits(self):
        """The class split by class code, which decides ties."""
        return self.split_ids.filtered("class_id").sorted(lambda split: split.class_id.code)

    def _get_engine_line(self, unmet=()):
        """The line for the engine; of the conditions those of the lines `unmet` were not met."""
        self.ensure_one()
        return engine.Line(
            code=self.code or "",
            kind=self.kind or "",
            percent=exact_number(self.percent),
            of=self._get_engine_parent(),
            basis=self.basis_id.code or "",
            capital_base=self.capital_base or "",
            classes={split.class_id.code: exact_number(split.percent) for split in self._get_sorted_splits()},
            floor=exact_number(self.floor_percent),
            cap=self._get_engine_cap(is_met=self not in unmet),
        )


class KmpShuSchemeSplit(models.Model):
    """The part of a class in a pool that is split by stakeholder class first."""

    _name = "kmp.shu.scheme.split"
    _description = "SHU class split"
    _order = "class_id"
    _check_company_auto = True

    line_id = fields.Many2one("kmp.shu.scheme.line", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    class_id = fields.Many2one(
        "kmp.stakeholder.class", required=True, check_company=True, ondelete="restrict"
    )
    percent = fields.Float(digits=PERCENT_DIGITS, required=True)

    _class_unique = models.Constraint(
        "UNIQUE(line_id, class_id)", "A stakeholder class stands twice in the split of one line."
    )

    @api.model_create_multi
    def create(self, vals_list):
        splits = super().create(vals_list)
        splits.line_id.scheme_id._check_editable()
        return splits

    def write(self, vals):
        self.line_id.scheme_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self.line_id.scheme_id._check_editable()
