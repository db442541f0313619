from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kmp_membership.models.membership import OFFICER
from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from .. import tally

THRESHOLDS = (
    "ordinary_majority",
    "special_majority",
    "quorum_total",
    "quorum_class",
    "second_quorum_total",
    "second_quorum_class",
)
# What may still be said about a rule that is in force.
FREE_FIELDS = {"name", "clause", "source", "notes", "state"}


class VotingRule(models.Model):
    """How the members convene and decide: what the by-laws say about notice, quorum, majorities and the weight of classes.

    Within a class each member has one vote (UU 25/1992 art. 24); a weight of the class in the plenary is a rule of the by-laws. A
    version holds from its day on, until the next one. Once in force it does not change. Its arithmetic is ``tally/``.
    """

    _name = "kmp.voting.rule"
    _description = "Voting Rules"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    bylaws_id = fields.Many2one("kmp.bylaws", "By-laws", check_company=True, ondelete="restrict")
    clause = fields.Char(help="The article of the by-laws that these rules come from.")
    source = fields.Char(readonly=True, help="What the preset resembles, and where that is written.")
    date_from = fields.Date("Effective From", required=True, default=fields.Date.context_today, tracking=True)
    state = fields.Selection(
        [("draft", "Draft"), ("in_force", "In Force")],
        "Status",
        required=True,
        default="draft",
        copy=False,
        readonly=True,
        tracking=True,
        index=True,
    )
    weight_source = fields.Selection(
        [
            ("fixed", "Fixed for each class"),
            ("equal", "The same for each class"),
            ("votes", "As many as its votes"),
        ],
        "Weight of a Class",
        required=True,
        default="votes",
        help="“As many as its votes”: each member's vote weighs the same in the plenary, except where a floor or a cap of the class "
        "changes it.",
    )
    transfer = fields.Selection(
        [("winner", "The winning side takes it all"), ("proportional", "In proportion to yes and no")],
        "Weight Goes To",
        required=True,
        default="proportional",
        help="In the plenary the weight of a class goes to the side that won the class, or yes and no take their parts of it.",
    )
    denominator = fields.Selection(
        [("all", "All on the roll"), ("present", "Those present"), ("cast", "Votes cast as yes or no")],
        "Majority Of",
        required=True,
        default="cast",
        help="What a majority is counted of, in a class and in the plenary. A class of which nobody counts has no weight; the others "
        "share it.",
    )
    tie_rule = fields.Selection(
        [("rejected", "It is not carried"), ("chair", "The chair decides")],
        "In a Tie",
        required=True,
        default="rejected",
        help="As much yes as no in the plenary. In an election a lot decides between candidates with the same score.",
    )
    ordinary_majority = fields.Char("Ordinary Resolution", required=True, default=">1/2")
    special_majority = fields.Char("Special Resolution", required=True, default="2/3")
    quorum_total = fields.Char(
        "Quorum", help="Of all on the roll: 1/2 is at least half, >1/2 more than half. Empty: none."
    )
    quorum_class = fields.Char("Quorum of Each Class")
    second_quorum_total = fields.Char("Quorum in Second Call")
    second_quorum_class = fields.Char("Quorum of Each Class in Second Call")
    notice_days = fields.Integer("Days of Notice", help="Between the convocation and the meeting, at least.")
    second_call_days = fields.Integer(
        "Days until Second Call", help="Between the first date and the second, at least."
    )
    proxies_per_member = fields.Integer(
        "Proxies per Member", help="How many others a member may represent. Zero: nobody votes by proxy."
    )
    proxy_within_class = fields.Boolean("Proxy of the Same Class", default=True)
    excludes_debtors = fields.Boolean(
        "Overdue Dues Suspend the Vote",
        help="Who owes dues for longer than the by-laws allow is not on the roll.",
    )
    arrears_days = fields.Integer(
        "Days of Grace",
        help="How many days after its due date an amount may still be open on the day of the roll.",
    )
    line_ids = fields.One2many("kmp.voting.rule.class", "rule_id", "Classes", copy=True)
    meeting_ids = fields.One2many("kmp.meeting", "rule_id", "Meetings")
    meeting_count = fields.Integer(compute="_compute_meeting_count")
    notes = fields.Html()

    _numbers_not_negative = models.Constraint(
        "CHECK (COALESCE(notice_days, 0) >= 0 AND COALESCE(arrears_days, 0) >= 0 AND COALESCE(second_call_days, 0) >= 0 AND COALESCE(proxies_per_member, 0) >= 0)",
        "Days and numbers of proxies are zero or more.",
    )
    _unique_date_from = models.UniqueIndex(
        "(company_id, date_from) WHERE state = 'in_force'", "Other voting rules take effect on the same day."
    )

    @api.depends("meeting_ids")
    def _compute_meeting_count(self):
        counts = dict(
            self.env["kmp.meeting"]._read_group([("rule_id", "in", self.ids)], ["rule_id"], ["__count"])
        )
        for rule in self:
            rule.meeting_count = counts.get(rule, 0)

    @api.constrains(*THRESHOLDS)
    def _check_thresholds(self):
        for rule in self:
            for name in THRESHOLDS:
                rule._get_threshold(name)

    @api.constrains(
        "state",
        "line_ids",
        "weight_source",
        "transfer",
        "denominator",
        "ordinary_majority",
        "special_majority",
    )
    def _check_rule(self):
        for rule in self.filtered(lambda rule: rule.state == "in_force"):
            problems = tally.validate_rule(rule._get_tally_rule(), rule.name)
            if problems:
                raise ValidationError("\n".join(rule._say(problem) for problem in problems))

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unsealed(self.env) and any(vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(self.env._("Voting rules begin as a draft."))
        return super().create(vals_list)

    def write(self, vals):
        if "state" in vals and not is_unsealed(self.env):
            raise UserError(self.env._("Voting rules come into force by their button only."))
        if vals.keys() - FREE_FIELDS - set(self.env["mail.thread"]._fields):
            self._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_editable()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for rule, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", rule.name)
        return vals_list

    def _check_editable(self):
        for rule in self.filtered(lambda rule: rule.state == "in_force"):
            raise UserError(
                self.env._(
                    "%(rule)s are in force and do not change. Duplicate them, change the copy and put that into force.",
                    rule=rule.name,
                )
            )

    def action_put_into_force(self):
        """Freeze the rules. For officers.

        :raise ValidationError: weights that do not sum to the whole, or another rule that does not hold
        """
        self._check_officer()
        self.bylaws_id._check_effective()
        unsealed(self).write({"state": "in_force"})

    def action_reset_to_draft(self):
        """Thaw rules that no meeting uses. For officers."""
        self._check_officer()
        for rule in self.filtered("meeting_ids"):
            raise UserError(
                self.env._(
                    "%(rule)s were used by %(meetings)s. Duplicate them instead.",
                    rule=rule.name,
                    meetings=", ".join(rule.meeting_ids.mapped("name")),
                )
            )
        unsealed(self).write({"state": "draft"})

    def _check_officer(self):
        self.check_access("write")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer may put voting rules into or out of force."))

    def action_open_meetings(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_meeting.meeting_action")
        return action | {"domain": [("rule_id", "=", self.id)], "context": {"default_rule_id": self.id}}

    # ---------------------------------------------------------------- business

    @api.model
    def _get_rule(self, company, day):
        """The rules in force in a company on a day; empty where there are none."""
        return self.search(
            [("company_id", "=", company.id), ("state", "=", "in_force"), ("date_from", "<=", day)], limit=1
        )

    def _get_threshold(self, name):
        """What a field such as ``quorum_total`` says, as a Threshold; None where it is empty.

        :raise ValidationError: a text that is no share
        """
        self.ensure_one()
        try:
            return tally.Threshold.parse(self[name]) if self[name] else None
        except tally.TallyError as error:
            raise ValidationError(
                self.env._(
                    "%(rule)s: %(field)s: %(problem)s",
                    rule=self.name,
                    field=self._fields[name]._description_string(self.env),
                    problem=self._say(error.errors[0]),
                )
            ) from None

    def _get_tally_rule(self):
        """These rules in the terms of ``tally/``."""
        self.ensure_one()
        return tally.Rule(
            weight_source=self.weight_source,
            transfer=self.transfer,
            denominator=self.denominator,
            tie_rule=self.tie_rule,
            ordinary=self._get_threshold("ordinary_majority"),
            special=self._get_threshold("special_majority"),
            classes={line.class_id.code: line._get_tally_class() for line in self.line_ids},
        )

    def _get_quorum(self, call):
        """(threshold of the whole meeting, threshold of each class) of the ``first`` or ``second`` call."""
        prefix = "second_" if call == "second" else ""
        return self._get_threshold(f"{prefix}quorum_total"), self._get_threshold(f"{prefix}quorum_class")

    @api.model
    def _say(self, problem):
        """A message of ``tally/`` in the user's language."""
        if isinstance(problem, tally.Message):
            return self.env._(problem.template, **problem.values)
        return problem
