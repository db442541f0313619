from typing import NamedTuple

from odoo import api, fields, models

from .membership import MEMBER_STATES


class Transition(NamedTuple):
    """From which states a step leads, and to which (``None``: the state stays)."""

    sources: tuple
    target: str | None
    left_reason: str | None = None


class MembershipStep(models.Model):
    """One step in the life of a membership: what, when, by which resolution, why. Never changed; a later step supersedes it."""

    _name = "kmp.membership.step"
    _description = "Membership Step"
    _order = "date desc, id desc"
    _rec_name = "kind"

    membership_id = fields.Many2one("kmp.membership", "Member", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="membership_id.company_id", store=True, precompute=True, index=True)
    kind = fields.Selection(
        [
            ("approve", "Approve"),
            ("reject", "Reject"),
            ("activate", "Activate"),
            ("change_class", "Change Class"),
            ("suspend", "Suspend"),
            ("reinstate", "Reinstate"),
            ("resign", "Resign"),
            ("expel", "Expel"),
            ("decease", "Record Death"),
            ("readmit", "Apply Again"),
        ],
        "Step",
        required=True,
    )
    date = fields.Date("Takes Effect", required=True)
    class_id = fields.Many2one("kmp.stakeholder.class", ondelete="restrict")
    resolution = fields.Char("Resolution Number")
    reason = fields.Text()
    document = fields.Binary(attachment=True)
    document_name = fields.Char()
    create_uid = fields.Many2one("res.users", "Taken By", readonly=True)

    @api.model
    def _get_transitions(self):
        """The life of a membership as a table. Applying again starts over at ``applicant``; number and history stay."""
        return {
            "approve": Transition(("applicant",), "approved"),
            "reject": Transition(("applicant", "approved"), "rejected"),
            "activate": Transition(("approved",), "active"),
            "change_class": Transition(MEMBER_STATES, None),
            "suspend": Transition(("active",), "suspended"),
            "reinstate": Transition(("suspended",), "active"),
            "resign": Transition(MEMBER_STATES, "left", "resigned"),
            "expel": Transition(MEMBER_STATES, "left", "expelled"),
            "decease": Transition(MEMBER_STATES, "left", "deceased"),
            "readmit": Transition(("left", "rejected"), "applicant"),
        }
