import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import unsealed

from .. import tally

SIGNATURES = ("chair", "secretary")
NO_SIGNATURE = {f"{role}_signed_{what}": False for role in SIGNATURES for what in ("by_id", "on")}


class Meeting(models.Model):
    """The minutes (notulen, berita acara): written from what was recorded, signed by two people, then never changed."""

    _inherit = "kmp.meeting"

    proceedings = fields.Html("Course of the Meeting", copy=False)
    chair_signed_by_id = fields.Many2one("res.users", "Signed for the Chair By", readonly=True, copy=False)
    chair_signed_on = fields.Datetime(readonly=True, copy=False)
    secretary_signed_by_id = fields.Many2one(
        "res.users", "Signed for the Secretary By", readonly=True, copy=False
    )
    secretary_signed_on = fields.Datetime(readonly=True, copy=False)
    is_signing = fields.Boolean(compute="_compute_is_signing")
    minutes_file = fields.Binary("Signed Minutes", attachment=True, readonly=True, copy=False)
    minutes_file_name = fields.Char(readonly=True, copy=False)
    minutes_hash = fields.Char("SHA-256 of the Minutes", readonly=True, copy=False)
    is_tampered = fields.Boolean(
        compute="_compute_is_tampered", help="The stored file is no longer the one that was signed."
    )

    @api.depends("state", "chair_signed_by_id", "secretary_signed_by_id")
    def _compute_is_signing(self):
        for meeting in self:
            meeting.is_signing = meeting.state == "closed" and bool(
                meeting.chair_signed_by_id or meeting.secretary_signed_by_id
            )

    @api.depends("minutes_file", "minutes_hash")
    def _compute_is_tampered(self):
        for meeting in self:
            content = meeting.with_context(bin_size=False).minutes_file
            meeting.is_tampered = bool(meeting.minutes_hash) and (
                not content or tally.digest(base64.b64decode(content)) != meeting.minutes_hash
            )

    def action_sign_chair(self):
        """Sign the minutes for the chair. Somebody else signs for the secretary."""
        self._sign("chair")

    def action_sign_secretary(self):
        """Sign the minutes for the secretary. Somebody else signs for the chair."""
        self._sign("secretary")

    def action_withdraw_signature(self):
        """Take the first signature back, to correct the minutes before the second."""
        self._begin_step("closed")
        unsealed(self).write(NO_SIGNATURE)

    def _sign(self, role):
        self._begin_step("closed")
        [other] = set(SIGNATURES) - {role}
        self._check_signature(role, other)
        unsealed(self).write(
            {f"{role}_signed_by_id": self.env.uid, f"{role}_signed_on": fields.Datetime.now()}
        )
        if self[f"{other}_signed_by_id"]:
            self._seal_minutes()

    def _check_signature(self, role, other):
        for name in SIGNATURES:
            if not self[f"{name}_id"]:
                raise UserError(
                    self.env._(
                        "%(meeting)s: name the chair and the secretary of the meeting first.",
                        meeting=self.name,
                    )
                )
        if self[f"{role}_signed_by_id"]:
            raise UserError(self.env._("%(meeting)s: this signature is there already.", meeting=self.name))
        if self[f"{other}_signed_by_id"] == self.env.user:
            raise UserError(
                self.env._(
                    "%(meeting)s: you have signed already. Somebody else must give the second signature.",
                    meeting=self.name,
                )
            )

    def _seal_minutes(self):
        """Print the minutes once and for all, and keep the hash of the file."""
        unsealed(self).write({"state": "signed"})
        self.flush_recordset()
        report = self.env.ref("kmp_meeting.minutes_report")
        content, _kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(report, self.ids)
        unsealed(self).write(
            {
                "minutes_file": base64.b64encode(content),
                "minutes_file_name": f"{self._get_minutes_name()}.pdf",
                "minutes_hash": tally.digest(content),
            }
        )

    def _get_minutes_name(self):
        self.ensure_one()
        return f"Berita Acara {self.name}".replace("/", "-").replace("\\", "-")

    def action_print_minutes(self):
        """The minutes as they would be now; once signed, the signed file."""
        self.ensure_one()
        if self.state == "signed":
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/kmp.meeting/{self.id}/minutes_file/{self.minutes_file_name}?download=true",
                "target": "download",
            }
        self._check_state("open", "closed")
        return self.env.ref("kmp_meeting.minutes_report").report_action(self, config=False)
