from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .. import tally

NUMBER_MAX_LENGTH = 64


class Meeting(models.Model):
    """Who has come, and whether that is enough."""

    _inherit = "kmp.meeting"

    attendance_ids = fields.One2many("kmp.meeting.attendance", "meeting_id")
    present_count = fields.Integer("Present", compute="_compute_quorum")
    is_quorate = fields.Boolean("Has a Quorum", compute="_compute_quorum")
    quorum = fields.Html(compute="_compute_quorum", sanitize=False)

    @api.depends("attendance_ids.roll_id", "attendance_ids.left_on", "roll_ids", "rule_id", "call", "state")
    @api.depends_context("lang")
    def _compute_quorum(self):
        for meeting in self:
            lines = meeting._get_quorum_lines()
            meeting.present_count = lines[-1].present
            meeting.is_quorate = tally.is_quorate(lines)
            meeting.quorum = self.env["ir.qweb"]._render(
                "kmp_meeting.quorum", meeting._prepare_quorum_values(lines)
            )

    def _get_attendance(self, since=None):
        """{class: Attendance} of those on the roll and present, in the order of the classes. Query budget: two.

        :param since: who has left after that moment counts as present, as of the opening of a vote; by default who is there now, and once
            the meeting is closed who was there after it had been opened
        """
        self.ensure_one()
        since = since or (self.opened_on if self.closed_on else None)
        if not self.ids:
            return {}
        rolls = dict(
            self.env["kmp.meeting.roll"]._read_group(
                [("meeting_id", "in", self.ids)], ["class_id"], ["__count"]
            )
        )
        present = dict(
            self.env["kmp.meeting.attendance"]._read_group(
                self._get_present_domain(since), ["class_id"], ["__count"]
            )
        )
        classes = self.env["kmp.stakeholder.class"].union(*rolls).sorted()
        return {each: tally.Attendance(rolls[each], present.get(each, 0)) for each in classes}

    def _get_present_domain(self, since):
        domain = Domain([("meeting_id", "in", self.ids)])
        there = Domain([("left_on", "=", False)])
        return domain & (there | Domain("left_on", ">=", since) if since else there)

    def _get_quorum_lines(self, since=None):
        self.ensure_one()
        attendance = {each.code: counts for each, counts in self._get_attendance(since).items()}
        total, each_class = self.rule_id._get_quorum(self.call) if self.rule_id else (None, None)
        return tally.quorum(attendance, total, each_class)

    def _get_roll_classes(self):
        """The classes of those on the roll. Query budget: one, whatever the size of the roll."""
        groups = self.env["kmp.meeting.roll"]._read_group([("meeting_id", "in", self.ids)], ["class_id"])
        return self.env["kmp.stakeholder.class"].union(*(each for (each,) in groups))

    def _prepare_quorum_values(self, lines):
        names = {each.code: each.name for each in self._get_roll_classes()}
        return {
            "lines": [
                {
                    "name": names.get(line.code) if line.code else self.env._("Together"),
                    "is_total": line.code is None,
                    "roll": line.roll,
                    "present": line.present,
                    "needed": line.needed,
                    "is_met": line.is_met,
                    "width": 100 * line.present / line.roll if line.roll else 0,
                    "mark": 100 * line.needed / line.roll if line.roll else 0,
                }
                for line in lines
            ]
        }

    def _check_quorum(self, since=None):
        """
        :param since: see ``_get_attendance``
        :raise UserError: names what is missing, and what to do
        """
        self.ensure_one()
        self.invalidate_recordset(["quorum", "is_quorate", "present_count"])
        lines = self._get_quorum_lines(since)
        if tally.is_quorate(lines):
            return
        codes = {line.code: line for line in lines if not line.is_met}
        missing = [
            self.env._(
                "%(what)s: %(present)s of %(roll)s, %(needed)s are needed",
                what=code or self.env._("Together"),
                present=line.present,
                roll=line.roll,
                needed=line.needed,
            )
            for code, line in codes.items()
        ]
        raise UserError(
            self.env._(
                "%(meeting)s has no quorum, so nothing can be decided. %(missing)s. Register who is missing, or make a second call.",
                meeting=self.name,
                missing="; ".join(missing) or self.env._("Nobody is present"),
            )
        )

    def register_attendance(self, text=None):
        """Register who shows a member card, or whose number is typed: the entry at the door. For clerks.

        :param text: the member number, which is what the QR code of a card holds
        :return: {"type": "success", "warning" or "danger", "message": for the screen}
        Query budget: a fixed number, whatever the size of the roll.
        """
        self.ensure_one()
        self.check_access("read")
        self.env["kmp.meeting.attendance"].check_access("create")
        number = (text or "").strip()
        if not number or len(number) > NUMBER_MAX_LENGTH:
            return self._scan_result("danger", self.env._("This is not a member number."))
        row = self.env["kmp.meeting.roll"].search(
            [("meeting_id", "=", self.id), ("number", "=ilike", _escaped(number))], limit=1
        )
        if not row:
            return self._scan_result("danger", self.env._("%s is not on the roll of this meeting.", number))
        return self._register_row(row)

    def _register_row(self, row):
        attendance = self.env["kmp.meeting.attendance"].search([("roll_id", "=", row.id)], limit=1)
        if attendance.holder_id:
            message = self.env._(
                "%(name)s is represented by %(holder)s.", name=row.name, holder=attendance.holder_id.name
            )
            return self._scan_result("warning", message)
        if attendance.left_on:
            attendance.action_return()
            return self._scan_result("success", self.env._("%s is back.", row.name))
        if attendance:
            return self._scan_result("warning", self.env._("%s is here already.", row.name))
        self.env["kmp.meeting.attendance"].create({"meeting_id": self.id, "roll_id": row.id})
        return self._scan_result("success", f"{row.name} · {row.class_id.name}")

    def _scan_result(self, kind, message):
        return {"type": kind, "message": message}

    def action_open_attendance(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_meeting.meeting_attendance_action")
        return action | {"domain": [("meeting_id", "=", self.id)], "context": {"default_meeting_id": self.id}}


def _escaped(text):
    """A text that stands for itself in ILIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
