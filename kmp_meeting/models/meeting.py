from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kmp_membership.models.membership import OFFICER
from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

DEFAULT_HOURS = 3
SEALED_FIELDS = {
    "state",
    "call",
    "first_date",
    "convened_on",
    "roll_hash",
    "sender_id",
    "sent_count",
    "halted",
    "opened_on",
    "closed_on",
    "chair_signed_by_id",
    "chair_signed_on",
    "secretary_signed_by_id",
    "secretary_signed_on",
    "minutes_file",
    "minutes_file_name",
    "minutes_hash",
}
# What the members were told in the convocation, and what the roll was drawn up by.
CONVENED_FIELDS = {
    "kind",
    "class_id",
    "plenary_id",
    "rule_id",
    "company_id",
    "roll_basis",
    "date",
    "fiscal_year_end",
}


class Meeting(models.Model):
    """A meeting of members (rapat anggota), the highest power of a co-operative (UU 25/1992 art. 22).

    Draft, convened, open, closed, signed. The convocation and the electoral roll stand in ``meeting_convocation.py``, the quorum in
    ``meeting_quorum.py``, the minutes and their signatures in ``meeting_minutes.py``. Steps are for officers; clerks register who comes.
    """

    _name = "kmp.meeting"
    _description = "Members' Meeting"
    _inherit = ["mail.thread", "mail.activity.mixin", "kmp.background"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    number = fields.Char(
        copy=False, tracking=True, help="The number of the meeting in the co-operative's own register."
    )
    kind = fields.Selection(
        [
            ("annual", "Annual Meeting (RAT)"),
            ("extraordinary", "Extraordinary Meeting (RALB)"),
            ("class", "Class Meeting (RA Kelompok)"),
            ("plenary", "Plenary (RA Paripurna)"),
        ],
        required=True,
        default="annual",
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    class_id = fields.Many2one(
        "kmp.stakeholder.class",
        check_company=True,
        ondelete="restrict",
        help="Whose meeting it is: only members of this class are on the roll.",
    )
    plenary_id = fields.Many2one(
        "kmp.meeting",
        "For the Plenary",
        check_company=True,
        ondelete="restrict",
        domain="[('kind', '!=', 'class'), ('company_id', '=', company_id)]",
        index="btree_not_null",
        help="The meeting to which this class sends its mandate.",
    )
    class_meeting_ids = fields.One2many("kmp.meeting", "plenary_id", "Class Meetings")
    roll_basis = fields.Selection(
        [("members", "Members"), ("delegates", "Delegates of the classes")],
        "Who Votes",
        required=True,
        default="members",
        help="Delegates (utusan) vote with the mandate of their class.",
    )
    rule_id = fields.Many2one(
        "kmp.voting.rule",
        "Voting Rules",
        compute="_compute_rule_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        domain="[('state', '=', 'in_force'), ('company_id', '=', company_id)]",
        index="btree_not_null",
    )
    date = fields.Datetime("Starts", required=True, tracking=True)
    duration = fields.Float("Hours", default=DEFAULT_HOURS)
    date_end = fields.Datetime("Ends", compute="_compute_date_end", store=True)
    location = fields.Char(tracking=True)
    online_url = fields.Char("Online At")
    allows_remote = fields.Boolean(
        "Vote from Afar",
        help="Members may vote without being registered at the door; who votes counts as present.",
    )
    fiscal_year_end = fields.Date(
        "Year Ending", compute="_compute_fiscal_year_end", store=True, readonly=False, precompute=True
    )
    deadline = fields.Date(
        compute="_compute_deadline", help="Six months after the end of the year (UU 25/1992 art. 26)."
    )
    is_late = fields.Boolean("After the Deadline", compute="_compute_deadline")
    description = fields.Html("Invitation", help="Stands in the convocation above the agenda.")
    agenda_ids = fields.One2many("kmp.meeting.agenda", "meeting_id", copy=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents", copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("convened", "Convened"),
            ("open", "Open"),
            ("closed", "Closed"),
            ("signed", "Signed"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        default="draft",
        copy=False,
        readonly=True,
        tracking=True,
        index=True,
        group_expand=True,
    )
    call = fields.Selection(
        [("first", "First Call"), ("second", "Second Call")],
        required=True,
        default="first",
        copy=False,
        readonly=True,
    )
    first_date = fields.Datetime(readonly=True, copy=False)
    chair_id = fields.Many2one("kmp.membership", check_company=True, ondelete="restrict")
    secretary_id = fields.Many2one("kmp.membership", check_company=True, ondelete="restrict")
    opened_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)
    resolution_ids = fields.One2many("kmp.meeting.resolution", "meeting_id")
    resolution_count = fields.Integer(compute="_compute_resolution_count")

    _class_of_class_meeting = models.Constraint(
        "CHECK ((kind = 'class') = (class_id IS NOT NULL))",
        "A class meeting names its class, and no other meeting does.",
    )
    _duration_not_negative = models.Constraint(
        "CHECK (duration >= 0)", "A meeting cannot end before it starts."
    )

    @api.depends("company_id", "date")
    def _compute_rule_id(self):
        for meeting in self:
            day = meeting._get_day() or fields.Date.context_today(meeting)
            meeting.rule_id = meeting.rule_id or self.env["kmp.voting.rule"]._get_rule(
                meeting.company_id, day
            )

    @api.depends("kind", "company_id", "date")
    def _compute_fiscal_year_end(self):
        """The last year of the company that ended before the annual meeting."""
        for meeting in self:
            day = meeting._get_day()
            if meeting.kind != "annual" or not day:
                meeting.fiscal_year_end = False
                continue
            current = meeting.company_id.compute_fiscalyear_dates(day)
            meeting.fiscal_year_end = current["date_from"] - timedelta(days=1)

    @api.depends("fiscal_year_end", "date")
    def _compute_deadline(self):
        for meeting in self:
            end = meeting.fiscal_year_end
            meeting.deadline = end and self._get_annual_deadline(end)
            meeting.is_late = bool(end and meeting._get_day() and meeting._get_day() > meeting.deadline)

    @api.depends("date", "duration")
    def _compute_date_end(self):
        for meeting in self:
            meeting.date_end = meeting.date and meeting.date + timedelta(hours=meeting.duration)

    @api.depends("resolution_ids")
    def _compute_resolution_count(self):
        for meeting in self:
            meeting.resolution_count = len(meeting.resolution_ids)

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "class":
            self.class_id = self.plenary_id = False
        if self.kind != "plenary":
            self.roll_basis = "members"

    @api.constrains("kind", "plenary_id", "roll_basis")
    def _check_kind(self):
        for meeting in self:
            if meeting.plenary_id and meeting.kind != "class":
                raise ValidationError(
                    self.env._(
                        "%(meeting)s: only a class meeting sends a mandate to a plenary.",
                        meeting=meeting.name,
                    )
                )
            if meeting.roll_basis == "delegates" and meeting.kind == "class":
                raise ValidationError(
                    self.env._(
                        "%(meeting)s: in a class meeting the members vote, not delegates.",
                        meeting=meeting.name,
                    )
                )

    @api.constrains("chair_id", "secretary_id")
    def _check_chair(self):
        for meeting in self:
            if meeting.chair_id and meeting.chair_id == meeting.secretary_id:
                raise ValidationError(
                    self.env._("%(meeting)s: chair and secretary are two people.", meeting=meeting.name)
                )

    # ---------------------------------------------------------------- what may change

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_sealed(vals)
        if not is_unsealed(self.env):
            self._check_changeable(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_state("draft", "cancelled")

    def _check_sealed(self, vals):
        """What a step of the meeting writes, nobody writes by hand."""
        sealed = SEALED_FIELDS & vals.keys()
        if sealed and not is_unsealed(self.env):
            raise UserError(
                self.env._(
                    "What a step of a meeting records changes by its buttons only: %s.",
                    ", ".join(sorted(sealed)),
                )
            )

    def _check_changeable(self, vals):
        thread = {name for name in vals if name.startswith(("message_", "activity_"))}
        for meeting in self:
            if meeting.state == "signed" and vals.keys() - thread:
                raise UserError(
                    self.env._(
                        "%(meeting)s: the minutes are signed. Nothing of this meeting changes any more.",
                        meeting=meeting.name,
                    )
                )
            if meeting.state not in ("draft", "cancelled") and CONVENED_FIELDS & vals.keys():
                raise UserError(
                    self.env._(
                        "%(meeting)s was convened with this kind, date and these rules. Set it back to draft and convene it again.",
                        meeting=meeting.name,
                    )
                )
            if meeting.is_signing and vals.keys() - thread:
                raise UserError(
                    self.env._(
                        "%(meeting)s: the minutes are being signed. Withdraw the signature before you change them.",
                        meeting=meeting.name,
                    )
                )

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for meeting in self.filtered(lambda meeting: meeting.state not in states):
            raise UserError(
                self.env._(
                    "%(meeting)s is %(state)s. This takes a meeting that is %(states)s.",
                    meeting=meeting.name,
                    state=labels[meeting.state].lower(),
                    states=", ".join(labels[state].lower() for state in states),
                )
            )

    def _check_officer(self):
        self.check_access("write")
        if not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._("Only an officer of the co-operative may take this step of a meeting.")
            )

    def _begin_step(self, *states):
        """Who may do it, alone, in the right state, not while the convocation is being sent: what every step asks first."""
        self.ensure_one()
        self._check_officer()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state", "sender_id", "halted"])
        self._check_state(*states)
        self._check_not_sending()

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _get_day(self):
        """The day of the meeting where the company is."""
        self.ensure_one()
        zone = self.company_id.partner_id.tz or self.env.user.tz
        return self.date and fields.Datetime.context_timestamp(self.with_context(tz=zone), self.date).date()

    # ---------------------------------------------------------------- steps

    def action_open(self):
        """Open the meeting. Without a quorum it cannot; a second call may follow."""
        self._begin_step("convened")
        if not self.roll_hash:
            raise UserError(
                self.env._("%(meeting)s has no electoral roll. Freeze it first.", meeting=self.name)
            )
        self._check_quorum()
        unsealed(self).write({"state": "open", "opened_on": fields.Datetime.now()})

    def action_close(self):
        """Close the meeting once every resolution is decided or withdrawn."""
        self._begin_step("open")
        undecided = self.resolution_ids.filtered(lambda resolution: resolution._is_undecided())
        if undecided:
            raise UserError(
                self.env._(
                    "%(meeting)s: these resolutions are not decided: %(resolutions)s. Close their votes, or withdraw them.",
                    meeting=self.name,
                    resolutions=", ".join(undecided.mapped("name")),
                )
            )
        unsealed(self).write({"state": "closed", "closed_on": fields.Datetime.now()})

    def action_cancel(self):
        """Call the meeting off before it opens."""
        self._begin_step("draft", "convened")
        unsealed(self).write({"state": "cancelled"})

    def action_reset_to_draft(self):
        """Take the convocation back, to change it and convene again; the roll is drawn up anew then."""
        self._begin_step("convened", "cancelled")
        if self.attendance_ids:
            raise UserError(
                self.env._(
                    "%(meeting)s: somebody has come already. Make a second call instead.", meeting=self.name
                )
            )
        unsealed(self.roll_ids).unlink()
        unsealed(self).write(
            {"state": "draft", "call": "first", "first_date": False, "convened_on": False, "roll_hash": False}
        )

    def _suggest_resolution_number(self):
        """The next number in the manner of 07/RAT/2026."""
        kind = {"annual": "RAT", "extraordinary": "RALB", "plenary": "RAP", "class": "RAK"}[self.kind]
        return f"{len(self.resolution_ids) + 1:02d}/{kind}/{self._get_day().year}"

    def action_open_resolutions(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_meeting.meeting_resolution_action")
        return action | {"domain": [("meeting_id", "=", self.id)], "context": {"default_meeting_id": self.id}}
