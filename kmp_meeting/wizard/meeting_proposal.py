from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OPEN_STATES = ("draft", "convened", "open")


class MeetingProposal(models.TransientModel):
    """Put something that takes effect by resolution to a meeting: a motion whose words name its hash."""

    _name = "kmp.meeting.proposal"
    _description = "Put to the Meeting"

    subject = fields.Reference("_get_subject_models", required=True, readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    meeting_id = fields.Many2one(
        "kmp.meeting",
        compute="_compute_meeting_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id), ('state', 'in', ('draft', 'convened', 'open')), ('kind', '!=', 'class')]",
    )
    number = fields.Char(compute="_compute_number", store=True, readonly=False, precompute=True)
    kind = fields.Selection(
        [("ordinary", "Ordinary Resolution"), ("special", "Special Resolution")],
        required=True,
        default="ordinary",
    )
    method = fields.Selection(
        selection=lambda self: (
            self.env["kmp.meeting.resolution"]._fields["method"]._description_selection(self.env)
        ),
        required=True,
        default="hands",
    )

    @api.model
    def _get_subject_models(self):
        subject = self.env.registry["kmp.meeting.subject"]
        return [
            (name, self.env["ir.model"]._get(name).name)
            for name, model in self.env.registry.items()
            if issubclass(model, subject) and not model._abstract
        ]

    @api.constrains("subject", "meeting_id")
    def _check_subject(self):
        for wizard in self:
            # Odoo checks constraints with sudo: the rights that count are those of the user.
            own = wizard.sudo(flag=False)
            own.subject.check_access("write")
            own.meeting_id.check_access("write")
            if own.meeting_id.company_id and own.meeting_id.company_id != own.subject.company_id:
                raise ValidationError(
                    self.env._("%(meeting)s is a meeting of another company.", meeting=wizard.meeting_id.name)
                )

    @api.depends("subject")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.subject and wizard.subject.company_id

    @api.depends("subject")
    def _compute_meeting_id(self):
        """The next one that can still decide."""
        for wizard in self:
            domain = [
                ("company_id", "=", wizard.company_id.id),
                ("state", "in", OPEN_STATES),
                ("kind", "!=", "class"),
            ]
            wizard.meeting_id = self.env["kmp.meeting"].search(domain, order="date, id", limit=1)

    @api.depends("meeting_id")
    def _compute_number(self):
        for wizard in self:
            wizard.number = wizard.meeting_id._suggest_resolution_number() if wizard.meeting_id else False

    def action_confirm(self):
        """Make the motion and enter it where it is needed; show it. For officers."""
        self.ensure_one()
        self.meeting_id._begin_step(*OPEN_STATES)
        self.subject._check_has_hash()
        resolution = self.env["kmp.meeting.resolution"].create(self._prepare_resolution_vals())
        self.subject.resolution_id = resolution
        return {
            "type": "ir.actions.act_window",
            "res_model": resolution._name,
            "res_id": resolution.id,
            "view_mode": "form",
        }

    def _prepare_resolution_vals(self):
        name, paragraphs = self.subject._prepare_motion()
        return {
            "meeting_id": self.meeting_id.id,
            "number": self.number,
            "name": name,
            "text": Markup("").join(Markup("<p>%s</p>") % paragraph for paragraph in paragraphs),
            "kind": self.kind,
            "method": self.method,
        }
