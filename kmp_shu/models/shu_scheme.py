from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from ..engine import scheme as engine
from ..engine.messages import Message
from ..engine.scheme_rules import validate_non_member, validate_scheme
from .shu_scheme_line import PERCENT_DIGITS, exact_number

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
    members_share_non_member = fields.Boolean(
        "Members Share What Others Brought",
        tracking=True,
        help="Whether what was earned with non-members may reach members, where a scheme divides it apart.",
    )
    tax_percent = fields.Float(
        "Withheld",
        digits=PERCENT_DIGITS,
        tracking=True,
        help="Percent that is withheld from a member's share when it is paid. Members' shares of the surplus "
        "are exempt from income tax (UU PPh art. 4(3)(i)): none, unless a rule says so.",
    )
    tax_base = fields.Selection(
        [
            ("none", "Nothing"),
            ("all", "The whole share"),
            ("capital", "The return on capital (jasa modal)"),
            ("patronage", "The patronage refund (jasa usaha)"),
        ],
        string="Withheld From",
        required=True,
        default="none",
        tracking=True,
    )
    tax_exempt = fields.Monetary(
        "Exempt Up To",
        tracking=True,
        help="Up to this nothing is withheld; above it the whole base is taxed.",
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
        "line_ids.surplus_part",
        "line_ids.floor_percent",
        "line_ids.cap_measure",
        "line_ids.cap_value",
        "line_ids.cap_reference_id",
        "line_ids.excess_line_id",
        "line_ids.condition",
        "members_share_non_member",
        "tax_percent",
        "tax_base",
        "tax_exempt",
    )
    def _compute_problems(self):
        for scheme in self:
            scheme.problems = "\n".join(scheme._get_problems()) or False

    def _get_problems(self):
        """What keeps the scheme from distributing a surplus: a list of messages, empty if none.

        It must hold whatever is decided of its conditions: with all of them met, and with none.
        """
        self.ensure_one()
        schemes = [self._get_engine_scheme(), self._get_engine_scheme(unmet=self.line_ids)]
        problems = [problem for scheme in schemes for problem in validate_scheme(scheme)]
        if not self.members_share_non_member:
            problems += validate_non_member(schemes[0])
        return [self._say(problem) for problem in dict.fromkeys(problems)]

    def _say(self, problem):
        """A message of the engine in the user's language, where it can be translated."""
        if isinstance(problem, Message):
            return self.env._(problem.template, **problem.values)
        return problem

    def _get_engine_scheme(self, unmet=()):
        """The scheme in the terms of the plain-Python engine, lines in order. `unmet` are the lines
        whose condition was not met; a line without one is not concerned."""
        self.ensure_one()
        return engine.Scheme(
            lines=[line._get_engine_line(unmet) for line in self.line_ids.sorted()],
            unit=Decimal(self.rounding_unit),
            method=self.rounding_method,
            label=self.env._("Scheme %s", self.name or ""),
            tax=self._get_engine_tax(),
        )

    def _get_engine_tax(self):
        if self.tax_base == "none":
            return engine.Tax()
        return engine.Tax(exact_number(self.tax_percent), self.tax_base, exact_number(self.tax_exempt))

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
        """A draft with the same lines, each referring to the copies."""
        copies = super().copy(default)
        for scheme, duplicate in zip(self, copies, strict=True):
            twins = dict(zip(scheme.line_ids.sorted(), duplicate.line_ids.sorted(), strict=True))
            for line, twin in twins.items():
                for name in ("parent_id", "cap_reference_id", "excess_line_id"):
                    twin[name] = twins.get(line[name])
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
            "members_share_non_member",
            "tax_percent",
            "tax_base",
            "tax_exempt",
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
