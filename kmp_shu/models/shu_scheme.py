from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from ..engine import scheme as engine
from ..engine.messages import Message
from ..engine.scheme_rules import validate_scheme

ROUNDING_UNITS = [(unit, unit) for unit in ("0.01", "1", "10", "50", "100", "500", "1000")]


class KmpShuScheme(models.Model):
    """Who gets which part of a surplus, as the by-laws say: a tree of lines that sums to 100
    percent at every node. In force it is frozen; a change is a new scheme."""

    _name = "kmp.shu.scheme"
    _description = "SHU scheme"
    _inherit = ["mail.thread", "mail.activity.mixin", "kmp.shu.waterfall"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True, copy=False)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related="company_id.currency_id")
    bylaws_id = fields.Many2one(
        "kmp.bylaws",
        string="By-laws",
        check_company=True,
        tracking=True,
        help="The version of the articles of association (Anggaran Dasar) it comes from.",
    )
    date_from = fields.Date("In Force From", required=True, tracking=True)
    date_to = fields.Date("In Force Until", tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In force")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    rounding_unit = fields.Selection(ROUNDING_UNITS, required=True, default="1", tracking=True)
    rounding_method = fields.Selection(
        [("largest_remainder", "Largest remainder"), ("truncate", "Truncate")],
        required=True,
        default="largest_remainder",
        tracking=True,
        help="Largest remainder hands every unit out. Truncate cuts fractions off and leaves what "
        "remains to the first reserve line.",
    )
    membership_policy = fields.Selection(
        [
            ("document_date", "Member on the day of the document"),
            ("pro_rata", "The year's business by days of membership"),
            ("exclude_leavers", "Member on the day, and still at the end of the year"),
        ],
        required=True,
        default="document_date",
        tracking=True,
        help="Whose business counts when a member joins, leaves or changes class in the year.",
    )
    line_ids = fields.One2many("kmp.shu.scheme.line", "scheme_id", copy=True)
    problems = fields.Text(compute="_compute_problems")
    run_ids = fields.One2many("kmp.shu.run", "scheme_id")
    run_count = fields.Integer(compute="_compute_run_count")

    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A scheme cannot end before it begins.",
    )

    @api.depends("run_ids")
    def _compute_run_count(self):
        for scheme in self:
            scheme.run_count = len(scheme.run_ids)

    @api.depends(
        "rounding_unit",
        "rounding_method",
        "line_ids.sequence",
        "line_ids.code",
        "line_ids.kind",
        "line_ids.percent",
        "line_ids.parent_id",
        "line_ids.basis_id",
        "line_ids.capital_base",
        "line_ids.split_ids.percent",
        "line_ids.split_ids.class_id",
    )
    def _compute_problems(self):
        for scheme in self:
            scheme.problems = "\n".join(scheme._get_problems()) or False

    @api.depends(
        "line_ids.name",
        "line_ids.sequence",
        "line_ids.kind",
        "line_ids.percent",
        "line_ids.parent_id",
        "line_ids.split_ids.percent",
        "line_ids.split_ids.class_id",
    )
    def _compute_waterfall(self):
        return super()._compute_waterfall()

    def _get_waterfall_bars(self):
        lines = self.line_ids.sorted()
        return (
            [
                {
                    "name": self.env._("Surplus"),
                    "kind": "surplus",
                    "level": 0,
                    "start": 0,
                    "width": 100,
                    "label": "100%",
                },
                *self._get_child_bars(lines, lines.browse(), start=0, width=100, level=1),
            ]
            if lines
            else []
        )

    def _get_child_bars(self, lines, parent, start, width, level):
        """The bars of the lines under `parent`, which spans `width` percent from `start`."""
        bars = []
        for line in lines.filtered(lambda line: line.parent_id._origin == parent._origin):
            part = width * line.percent / 100
            bars.append(self._prepare_bar(line.name or line.code, line, start, part, level, line.percent))
            bars += self._get_child_bars(lines, line, start, part, level + 1)
            bars += self._get_split_bars(line, start, part, level + 1)
            start += part
        return bars

    def _get_split_bars(self, line, start, width, level):
        bars = []
        for split in line._get_sorted_splits():
            part = width * split.percent / 100
            bars.append(
                self._prepare_bar(split.class_id.name, line, start, part, level, split.percent)
                | {"is_split": True}
            )
            start += part
        return bars

    def _prepare_bar(self, name, line, start, width, level, percent):
        return {
            "name": name or "",
            "kind": line.kind or "fund",
            "level": level,
            "start": start,
            "width": width,
            "label": f"{percent:g}%",
        }

    def _get_problems(self):
        """What keeps the scheme from distributing a surplus: a list of messages, empty if none."""
        self.ensure_one()
        return [self._say(problem) for problem in validate_scheme(self._get_engine_scheme())]

    def _say(self, problem):
        """A message of the engine in the user's language, where it can be translated."""
        if isinstance(problem, Message):
            return self.env._(problem.template, **problem.values)
        return problem

    def _get_engine_scheme(self):
        """The scheme in the terms of the plain-Python engine, lines in order."""
        self.ensure_one()
        return engine.Scheme(
            lines=[line._get_engine_line() for line in self.line_ids.sorted()],
            unit=Decimal(self.rounding_unit),
            method=self.rounding_method,
            label=self.env._("Scheme %s", self.name or ""),
        )

    @api.constrains("state", "line_ids")
    def _check_problems(self):
        for scheme in self.filtered(lambda scheme: scheme.state == "in_force"):
            problems = scheme._get_problems()
            if problems:
                raise ValidationError(
                    self.env._(
                        "Scheme %(scheme)s cannot be put into force:\n%(problems)s",
                        scheme=scheme.name,
                        problems="\n".join(problems),
                    )
                )

    def copy(self, default=None):
        """A draft with the same lines, each under the copy of its group."""
        copies = super().copy(default)
        for scheme, duplicate in zip(self, copies, strict=True):
            twins = dict(zip(scheme.line_ids.sorted(), duplicate.line_ids.sorted(), strict=True))
            for line, twin in twins.items():
                twin.parent_id = twins.get(line.parent_id)
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for scheme, vals in zip(self, vals_list, strict=True):
            vals.setdefault("name", self.env._("%s (copy)", scheme.name))
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A scheme begins as a draft."))
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals and not is_unsealed(self.env):
            raise UserError(self.env._("The state of a scheme changes by its buttons only."))
        frozen = {
            "rounding_unit",
            "rounding_method",
            "membership_policy",
            "line_ids",
            "company_id",
            "date_from",
        }
        if frozen & set(vals):
            self._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_editable()

    def _check_editable(self):
        for scheme in self.filtered(lambda scheme: scheme.state == "in_force"):
            raise UserError(
                self.env._(
                    "Scheme %(scheme)s is in force and cannot be changed. Duplicate it, change "
                    "the copy and put that into force.",
                    scheme=scheme.name,
                )
            )

    def action_put_into_force(self):
        """Freeze the scheme. Raises ValidationError when a node does not sum to 100 percent."""
        self._check_officer()
        unsealed(self).write({"state": "in_force"})

    def action_reset_to_draft(self):
        """Thaw a scheme that no run has used. Raises UserError when one has."""
        self._check_officer()
        for scheme in self.filtered("run_ids"):
            raise UserError(
                self.env._(
                    "Scheme %(scheme)s was used by %(runs)s. Duplicate it instead.",
                    scheme=scheme.name,
                    runs=", ".join(scheme.run_ids.mapped("name")),
                )
            )
        unsealed(self).write({"state": "draft"})

    def _check_officer(self):
        self.check_access("write")
        if not self.env.user.has_group("kmp_membership.group_officer"):
            raise AccessError(self.env._("Only an officer may put a scheme into or out of force."))

    def action_open_runs(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_run_action")
        return {**action, "domain": [("scheme_id", "=", self.id)], "context": {}}
