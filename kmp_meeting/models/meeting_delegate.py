from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .meeting_voter import CHOICES


class MeetingDelegate(models.Model):
    """A delegate (utusan) of a class to a meeting of delegates, with the mandate that the class gave: free, or bound on resolutions."""

    _name = "kmp.meeting.delegate"
    _description = "Delegate"
    _inherit = ["kmp.meeting.part"]
    _order = "meeting_id, class_id, id"
    _rec_name = "membership_id"
    _check_company_auto = True

    _meeting_states = ("draft",)

    meeting_id = fields.Many2one(
        "kmp.meeting",
        required=True,
        ondelete="cascade",
        index=True,
        domain="[('roll_basis', '=', 'delegates')]",
    )
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, precompute=True)
    membership_id = fields.Many2one(
        "kmp.membership",
        "Delegate",
        required=True,
        ondelete="restrict",
        check_company=True,
        index=True,
        domain="[('is_member', '=', True)]",
    )
    class_id = fields.Many2one(related="membership_id.class_id", store=True)
    class_meeting_id = fields.Many2one(
        "kmp.meeting",
        "Elected By",
        ondelete="restrict",
        check_company=True,
        domain="[('kind', '=', 'class'), ('class_id', '=', class_id), ('company_id', '=', company_id)]",
    )
    mandate = fields.Text()
    instruction_ids = fields.One2many("kmp.meeting.instruction", "delegate_id", "Bound Votes")

    _unique_member = models.Constraint("UNIQUE (meeting_id, membership_id)", "A member is delegated once.")

    def _check_elected(self):
        """:raise UserError: a class meeting that has not ended, or was for another plenary, has given nobody a mandate"""
        for delegate in self.filtered("class_meeting_id"):
            source = delegate.class_meeting_id
            if source.state not in ("closed", "signed") or source.plenary_id not in (
                source.browse(),
                delegate.meeting_id,
            ):
                raise UserError(
                    self.env._(
                        "%(name)s is delegated by %(meeting)s, which has not ended or was for another plenary. Close it, or correct who "
                        "elected the delegate.",
                        name=delegate.membership_id.display_name,
                        meeting=source.name,
                    )
                )

    @api.constrains("class_meeting_id", "class_id")
    def _check_class_meeting(self):
        for delegate in self.filtered("class_meeting_id"):
            if delegate.class_meeting_id.class_id != delegate.class_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s belongs to %(class)s and cannot be delegated by %(meeting)s.",
                        **{
                            "name": delegate.membership_id.display_name,
                            "class": delegate.class_id.display_name,
                            "meeting": delegate.class_meeting_id.name,
                        },
                    )
                )


class MeetingInstruction(models.Model):
    """How a delegate has to vote on a resolution of the plenary."""

    _name = "kmp.meeting.instruction"
    _description = "Bound Vote"
    _inherit = ["kmp.meeting.part"]

    _meeting_states = ("draft", "convened", "open")

    delegate_id = fields.Many2one("kmp.meeting.delegate", required=True, ondelete="cascade", index=True)
    meeting_id = fields.Many2one(related="delegate_id.meeting_id", store=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    resolution_id = fields.Many2one(
        "kmp.meeting.resolution",
        required=True,
        ondelete="cascade",
        domain="[('meeting_id', '=', meeting_id), ('kind', '!=', 'election')]",
    )
    choice = fields.Selection(CHOICES, required=True)

    _unique_resolution = models.Constraint(
        "UNIQUE (delegate_id, resolution_id)", "A delegate is bound once per resolution."
    )

    @api.constrains("resolution_id", "choice")
    def _check_before_vote(self):
        for instruction in self:
            if instruction.resolution_id.state != "draft":
                raise ValidationError(
                    self.env._(
                        "%s: the vote has begun. A mandate is given before it.",
                        instruction.resolution_id.name,
                    )
                )
