from odoo import fields, models
from odoo.tools import format_datetime


class Meeting(models.Model):
    """A meeting as a member sees it in the portal: named values, never a record."""

    _inherit = "kmp.meeting"

    coming_count = fields.Integer("Say They Come", compute="_compute_coming_count")

    def _compute_coming_count(self):
        counts = dict(
            self.env["kmp.meeting.roll"]._read_group(
                [("meeting_id", "in", self.ids), ("answer", "=", "coming")], ["meeting_id"], ["__count"]
            )
        )
        for meeting in self:
            meeting.coming_count = counts.get(meeting, 0)

    def _prepare_portal_link(self):
        self.ensure_one()
        return {"name": self.name, "url": f"/my/meeting/{self.id}"}

    def _prepare_portal_summary(self):
        """A meeting in the list of a member; see ``views/portal_templates.xml``."""
        self.ensure_one()
        return {
            "id": self.id,
            **self._prepare_portal_link(),
            "company": self.company_id.name,
            "kind": self._label("kind"),
            "state": self.state,
            "state_label": self._label("state"),
            "when": self._format_when(),
            "location": self.location or "",
            "is_second_call": self.call == "second",
            "open_votes": len(self._get_open_ballots()),
        }

    def _prepare_portal_page(self, rows):
        """The page of a meeting for who stands on its roll with ``rows``.

        Query budget: a fixed number, whatever the size of the roll; it grows with the resolutions.
        """
        self.ensure_one()
        resolutions = self.resolution_ids.sorted()
        decided = resolutions.filtered(lambda each: each.state in ("closed", "withdrawn"))
        return {
            "meeting": self._prepare_portal_summary(),
            "online_url": self.online_url or "",
            "description": self.description or "",
            "rows": [row._prepare_portal_values() for row in rows],
            "agenda": [
                {"name": each.name, "description": each.description or ""} for each in self.agenda_ids
            ],
            "documents": [
                {"name": each.name, "url": f"/my/meeting/{self.id}/document/{each.id}"}
                for each in self.attachment_ids
            ],
            "votes": self._get_open_ballots()._prepare_portal_votes(rows),
            "announced": [
                {"number": each.number or "", "name": each.name, "text": each.text or ""}
                for each in resolutions.filtered(lambda each: each.state == "draft")
            ],
            "decisions": [each._prepare_portal_decision() for each in decided],
            "minutes_hash": self.minutes_hash or "",
        }

    def _get_open_ballots(self):
        return self.resolution_ids.filtered(lambda each: each._takes_ballots())

    def _format_when(self):
        """The start where the co-operative is."""
        zone = self.company_id.partner_id.tz or self.env.user.tz or "UTC"
        return format_datetime(self.env, self.date, tz=zone, dt_format="EEEE, d MMMM y, HH:mm")
