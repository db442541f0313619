from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from odoo.addons.kmp_membership.tools import unsealed

from .. import tally


class Meeting(models.Model):
    """Who is entitled to come: the convocation and the electoral roll. Its mail stands in ``meeting_convocation_mail.py``."""

    _inherit = "kmp.meeting"

    convened_on = fields.Date(readonly=True, copy=False, tracking=True)
    roll_date = fields.Date(
        "Roll As Of",
        copy=False,
        help="Members in good standing at the end of this day are on the roll. Empty: the day of the convocation.",
    )
    roll_hash = fields.Char("SHA-256 of the Roll", readonly=True, copy=False)
    roll_ids = fields.One2many("kmp.meeting.roll", "meeting_id", "Electoral Roll", readonly=True)
    roll_count = fields.Integer("On the Roll", compute="_compute_roll_count")
    uninvited_count = fields.Integer("Not Yet Told", compute="_compute_roll_count")
    delegate_ids = fields.One2many("kmp.meeting.delegate", "meeting_id", "Delegates")

    @api.depends("roll_ids.invited_on")
    def _compute_roll_count(self):
        rolls = self.env["kmp.meeting.roll"]
        rows = {
            meeting: (count, told)
            for meeting, count, told in rolls._read_group(
                [("meeting_id", "in", self.ids)], ["meeting_id"], ["__count", "invited_on:count"]
            )
        }
        for meeting in self:
            count, told = rows.get(meeting, (0, 0))
            meeting.roll_count, meeting.uninvited_count = count, count - told

    def action_convene(self):
        """Convene the meeting: the date keeps the notice, and the roll is frozen.

        :raise UserError: no rules, no agenda, too little notice, or nobody who may vote
        """
        self._begin_step("draft")
        self._check_convocation()
        unsealed(self).write({"state": "convened", "convened_on": fields.Date.context_today(self)})
        self._freeze_roll()

    def _check_convocation(self):
        if not self.rule_id or self.rule_id.state != "in_force":
            raise UserError(
                self.env._(
                    "%(meeting)s has no voting rules in force. Put those of the by-laws into force and choose them.",
                    meeting=self.name,
                )
            )
        if not self.agenda_ids:
            raise UserError(self.env._("%(meeting)s has no agenda. Say what it is about.", meeting=self.name))
        self.delegate_ids._check_elected()
        notice = (self._get_day() - fields.Date.context_today(self)).days
        if notice < self.rule_id.notice_days:
            raise UserError(
                self.env._(
                    "%(meeting)s: %(rule)s ask for %(days)s days of notice, and there are %(notice)s until %(date)s. Choose a later day.",
                    meeting=self.name,
                    rule=self.rule_id.name,
                    days=self.rule_id.notice_days,
                    notice=max(notice, 0),
                    date=format_date(self.env, self._get_day()),
                )
            )

    def action_freeze_roll(self):
        """Draw the roll up again, for another day; whoever stays on it stays told."""
        self._begin_step("convened")
        if self.attendance_ids:
            raise UserError(
                self.env._(
                    "%(meeting)s: somebody is registered as present already, so the roll stays.",
                    meeting=self.name,
                )
            )
        self._freeze_roll()

    def _freeze_roll(self):
        """Copy the members in good standing into the roll, and keep its hash.

        Query budget: three, whatever the number of members.
        """
        day = self.roll_date or fields.Date.context_today(self)
        if day > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(meeting)s: who is a member on %(date)s is not known yet. Freeze the roll on that day.",
                    meeting=self.name,
                    date=format_date(self.env, day),
                )
            )
        self.env["kmp.meeting.roll"]._draw_up(self, day)
        self._check_roll()
        self.env.flush_all()
        unsealed(self).write({"roll_date": day, "roll_hash": tally.digest(self._get_roll_bytes())})
        self.message_post(
            body=self.env._(
                "Roll of %(count)s as of %(date)s: %(hash)s",
                count=self.roll_count,
                date=day,
                hash=self.roll_hash,
            )
        )

    def _check_roll(self):
        if not self.roll_count:
            raise UserError(
                self.env._(
                    "%(meeting)s: nobody may vote. Register members or delegates first.", meeting=self.name
                )
            )
        unweighted = self._get_roll_classes() - self.rule_id.line_ids.class_id
        if unweighted and self.rule_id.weight_source != "votes" and self.kind != "class":
            raise UserError(
                self.env._(
                    "%(rule)s give no weight to %(classes)s, whose members are on the roll of %(meeting)s. Put rules with all classes "
                    "into force.",
                    rule=self.rule_id.name,
                    classes=", ".join(unweighted.mapped("display_name")),
                    meeting=self.name,
                )
            )

    def _get_roll_bytes(self):
        """The canonical bytes of the roll as it stands: see ``tally/canonical.py``."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """SELECT roll.number, class.code FROM kmp_meeting_roll roll
                     JOIN kmp_stakeholder_class class ON class.id = roll.class_id WHERE roll.meeting_id = %s""",
                self.id,
            )
        )
        return tally.roll_bytes((self.roll_date or fields.Date.context_today(self)).isoformat(), rows)

    def action_mark_told(self):
        """Record that the others were told by letter or in person."""
        self._begin_step("convened")
        waiting = self.roll_ids.filtered(lambda row: not row.invited_on)
        unsealed(waiting).write({"invited_on": fields.Datetime.now()})
        self.message_post(body=self.env._("%s told by letter or in person.", len(waiting)))

    def action_open_roll(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_meeting.meeting_roll_action")
        shown = {"search_default_coming": 1} if self.env.context.get("kmp_show_coming") else {}
        return action | {
            "domain": [("meeting_id", "=", self.id)],
            "context": {"default_meeting_id": self.id, **shown},
        }

    def _second_call(self, date):
        """Convene the meeting again after it had no quorum. For officers.

        :param date: the new start, as UTC datetime
        :raise UserError: it is quorate, or the date is earlier than the rules allow
        """
        self._begin_step("convened")
        if self.call == "second" or self.is_quorate:
            raise UserError(
                self.env._(
                    "%(meeting)s: a second call follows a first one that had no quorum, once.",
                    meeting=self.name,
                )
            )
        days = (fields.Datetime.to_datetime(date).date() - self.date.date()).days
        if days < self.rule_id.second_call_days or fields.Datetime.to_datetime(date) <= self.date:
            raise UserError(
                self.env._(
                    "%(meeting)s: the second call is at least %(days)s days after the first. Choose a later day.",
                    meeting=self.name,
                    days=self.rule_id.second_call_days,
                )
            )
        body = self.env._(
            "First call without quorum: %(present)s of %(roll)s present.",
            present=self.present_count,
            roll=self.roll_count,
        )
        unsealed(self.attendance_ids).unlink()
        unsealed(self.roll_ids).write({"invited_on": False, "answer": False, "answered_on": False})
        unsealed(self).write({"call": "second", "first_date": self.date, "date": date})
        self.message_post(body=body)
