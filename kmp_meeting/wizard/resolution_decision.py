from odoo import Command, api, fields, models


class ResolutionDecision(models.TransientModel):
    """Record how a tie was decided: by the chair, or in an election by lot."""

    _name = "kmp.meeting.resolution.decision"
    _description = "Decision of a Tie"

    resolution_id = fields.Many2one("kmp.meeting.resolution", required=True)
    kind = fields.Selection(related="resolution_id.kind")
    casting = fields.Selection(
        [("yes", "It is carried"), ("no", "It is not carried")], "The Chair Decides", default="no"
    )
    line_ids = fields.One2many("kmp.meeting.resolution.decision.line", "decision_id", "Order of the Lot")

    @api.constrains("resolution_id")
    def _check_resolution(self):
        # Odoo checks constraints with sudo: the rights that count are those of the user.
        self.sudo(flag=False).resolution_id.check_access("read")

    @api.model
    def default_get(self, fields_list):
        defaults = super().default_get(fields_list)
        resolution = self.env["kmp.meeting.resolution"].browse(defaults.get("resolution_id"))
        if "line_ids" in fields_list and resolution.kind == "election":
            tied = (resolution.tally or {}).get("outcome", {}).get("tied", ())
            candidates = resolution.candidate_ids.filtered(lambda candidate: str(candidate.number) in tied)
            defaults["line_ids"] = [
                Command.create({"candidate_id": candidate.id}) for candidate in candidates
            ]
        return defaults

    def action_confirm(self):
        self.ensure_one()
        self.resolution_id._decide_tie(self.casting, self.line_ids.sorted().candidate_id.mapped("number"))
        return {"type": "ir.actions.act_window_close"}


class ResolutionDecisionLine(models.TransientModel):
    _name = "kmp.meeting.resolution.decision.line"
    _description = "Decision of a Tie: Candidate"
    _order = "sequence, id"

    decision_id = fields.Many2one("kmp.meeting.resolution.decision", required=True, ondelete="cascade")
    sequence = fields.Integer()
    candidate_id = fields.Many2one("kmp.meeting.candidate", required=True, ondelete="cascade")
    class_id = fields.Many2one(related="candidate_id.class_id")
