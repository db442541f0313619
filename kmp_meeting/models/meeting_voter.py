from odoo import fields, models

CHOICES = [("yes", "Yes"), ("no", "No"), ("abstain", "Abstention")]


class MeetingVoter(models.Model):
    """Who has voted on a resolution: one row per member, and never what a secret vote was.

    What was voted stands in ``kmp.meeting.ballot``, where the limits of this secrecy are explained too. Rows come from
    ``kmp.meeting.resolution._cast`` only.
    """

    _name = "kmp.meeting.voter"
    _description = "Vote Cast"
    _order = "resolution_id, number"
    _rec_name = "roll_id"
    _log_access = False

    resolution_id = fields.Many2one(
        "kmp.meeting.resolution", required=True, ondelete="restrict", index=True, readonly=True
    )
    company_id = fields.Many2one(related="resolution_id.company_id")
    roll_id = fields.Many2one(
        "kmp.meeting.roll", "Member", required=True, ondelete="restrict", index=True, readonly=True
    )
    number = fields.Char(related="roll_id.number", store=True)
    class_id = fields.Many2one(related="roll_id.class_id", store=True)
    holder_id = fields.Many2one("kmp.meeting.roll", "Cast By", ondelete="restrict", readonly=True)
    choice = fields.Char(readonly=True, help="Empty in a secret ballot.")

    _once = models.Constraint(
        "UNIQUE (resolution_id, roll_id)", "This member has voted already. Everybody votes once."
    )
