from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import html2plaintext

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

SEALED_FIELDS = {
    "state",
    "result",
    "reason",
    "tally",
    "tally_hash",
    "motion_hash",
    "opened_on",
    "closed_on",
    "decided_by_id",
}
# What is put to the vote: it stays as it was when the vote began.
MOTION_FIELDS = {
    "meeting_id",
    "number",
    "name",
    "text",
    "kind",
    "method",
    "seats",
    "seats_per_class",
    "candidate_ids",
    "plenary_resolution_id",
}
COUNTED = "hands"
BALLOTS = ("ballot", "secret")


class MeetingResolution(models.Model):
    """What a meeting is asked to decide, how it decides, and what came out.

    Draft, open while it is voted on, closed with its result. From the opening on the motion does not change; the result, with every step
    of its arithmetic, never. Steps stand in ``meeting_resolution_vote.py``, casting in ``meeting_resolution_ballot.py``, counting in
    ``meeting_resolution_tally.py``.
    """

    _name = "kmp.meeting.resolution"
    _description = "Resolution"
    _inherit = ["mail.thread", "kmp.meeting.part"]
    _order = "meeting_id desc, sequence, id"
    _rec_names_search = ["number", "name"]
    _check_company_auto = True

    _meeting_states = ("draft", "convened", "open")

    meeting_id = fields.Many2one(
        "kmp.meeting",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('state', 'in', ('draft', 'convened', 'open'))]",
    )
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, precompute=True, index=True)
    agenda_id = fields.Many2one(
        "kmp.meeting.agenda",
        "Point of the Agenda",
        ondelete="set null",
        domain="[('meeting_id', '=', meeting_id)]",
    )
    sequence = fields.Integer(default=10)
    number = fields.Char(
        copy=False, help="The number under which others refer to this resolution, for example 07/RAT/2026."
    )
    name = fields.Char("Subject", required=True)
    text = fields.Html("Motion", help="The words that are voted on.")
    kind = fields.Selection(
        [("ordinary", "Ordinary Resolution"), ("special", "Special Resolution"), ("election", "Election")],
        required=True,
        default="ordinary",
    )
    method = fields.Selection(
        [
            ("consensus", "Consensus (musyawarah mufakat)"),
            ("hands", "Show of hands, counted per class"),
            ("ballot", "Ballot with names"),
            ("secret", "Secret ballot"),
            ("mandate", "Mandates of the class meetings"),
        ],
        "Decided By",
        required=True,
        default="consensus",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Being Voted On"), ("closed", "Closed"), ("withdrawn", "Withdrawn")],
        "Status",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    result = fields.Selection(
        [("carried", "Carried"), ("rejected", "Not Carried"), ("tied", "Tied")],
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    reason = fields.Selection(
        [
            ("consensus", "Consensus"),
            ("majority", "The majority is reached"),
            ("no_majority", "The majority is not reached"),
            ("veto", "A class vetoes"),
            ("tie", "As much yes as no"),
            ("casting_vote", "The chair decided the tie"),
            ("votes", "Most votes"),
            ("lot", "A lot decided the tie"),
            ("no_votes", "Nobody voted"),
        ],
        readonly=True,
        copy=False,
    )
    seats = fields.Integer(default=1)
    seats_per_class = fields.Integer(
        "Seats per Class", help="How many of one class may be elected. Zero: no limit."
    )
    candidate_ids = fields.One2many("kmp.meeting.candidate", "resolution_id", "Candidates")
    open_until = fields.Datetime(
        "Votes Until", help="No vote is taken after that, even while the vote is not closed yet."
    )
    opened_on = fields.Datetime(readonly=True, copy=False)
    closed_on = fields.Datetime(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", "Result Recorded By", readonly=True, copy=False)
    motion_hash = fields.Char("SHA-256 of the Motion", readonly=True, copy=False)
    plenary_resolution_id = fields.Many2one(
        "kmp.meeting.resolution",
        "Mandate For",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        help="The resolution of the plenary for which this class gives its mandate.",
    )
    mandate_ids = fields.One2many("kmp.meeting.resolution", "plenary_resolution_id", "Mandates")
    meeting_state = fields.Selection(related="meeting_id.state", string="Meeting Status")
    meeting_kind = fields.Selection(related="meeting_id.kind", string="Meeting Kind")
    plenary_id = fields.Many2one(related="meeting_id.plenary_id")
    date = fields.Datetime(related="meeting_id.date", store=True)

    _seats_positive = models.Constraint(
        "CHECK (seats > 0 AND COALESCE(seats_per_class, 0) >= 0)", "An election has at least one seat."
    )
    _unique_number = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL", "Another resolution of the company has this number."
    )

    @api.depends("number", "name")
    def _compute_display_name(self):
        for resolution in self:
            resolution.display_name = " ".join(filter(None, (resolution.number, resolution.name)))

    @api.constrains("kind", "method", "meeting_id", "plenary_resolution_id")
    def _check_method(self):
        for resolution in self:
            if resolution.method != "mandate":
                continue
            if resolution.kind == "election" or resolution.meeting_id.kind == "class":
                raise ValidationError(
                    self.env._(
                        "%s: mandates of class meetings decide motions of the plenary, no elections and no class meetings.",
                        resolution.display_name,
                    )
                )

    @api.constrains("plenary_resolution_id", "kind")
    def _check_mandate(self):
        for resolution in self.filtered("plenary_resolution_id"):
            plenary = resolution.plenary_resolution_id
            if resolution.meeting_id.plenary_id != plenary.meeting_id or resolution.kind != plenary.kind:
                raise ValidationError(
                    self.env._(
                        "%(resolution)s: a mandate is for a resolution of the same kind in the plenary of its meeting.",
                        resolution=resolution.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_sealed(vals)
        if not is_unsealed(self.env) and MOTION_FIELDS & vals.keys():
            self._check_not_voted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_voted(self):
        self._check_not_voted()

    def _check_sealed(self, vals):
        sealed = SEALED_FIELDS & vals.keys()
        if sealed and not is_unsealed(self.env):
            raise UserError(
                self.env._(
                    "The result of a vote is recorded by its buttons only: %s.", ", ".join(sorted(sealed))
                )
            )

    def _check_not_voted(self):
        for resolution in self.filtered(lambda resolution: resolution.state != "draft"):
            raise UserError(
                self.env._(
                    "%(resolution)s was put to the vote and does not change any more. Withdraw it and put a new one.",
                    resolution=resolution.display_name,
                )
            )

    def _names(self, digest):
        """Whether the words that are voted on name a hash in full."""
        return bool(digest) and digest in f"{self.name} {html2plaintext(self.text or '')}"

    def _label(self, name):
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], "")

    def _is_undecided(self):
        return self.state in ("draft", "open") or self.result == "tied"

    def action_open_meeting(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.meeting",
            "res_id": self.meeting_id.id,
            "view_mode": "form",
        }

    def action_withdraw(self):
        """Take a motion back that is not decided; votes that were cast for it stay where they are, uncounted."""
        self.meeting_id._check_officer()
        for resolution in self:
            if not resolution._is_undecided():
                raise UserError(self.env._("%s is decided already.", resolution.display_name))
        unsealed(self).write({"state": "withdrawn"})
