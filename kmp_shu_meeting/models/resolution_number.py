from odoo import api, fields, models


class ResolutionNumber(models.AbstractModel):
    """A document that carries the number of its resolution: once the meeting is asked here, the number is that of the motion."""

    _name = "kmp.shu.resolution.number"
    _description = "Number of the Resolution"
    _inherit = ["kmp.meeting.subject"]

    resolution = fields.Char(compute="_compute_resolution", store=True, readonly=False)

    @api.depends("resolution_id.number", "resolution_id.name")
    def _compute_resolution(self):
        for document in self:
            resolution = document.resolution_id
            document.resolution = resolution.number or resolution.name or document.resolution
