from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class MeetingRoll(models.Model):
    """The electoral roll: who may vote in a meeting, frozen with number, name and class. Nobody writes it by hand."""

    _name = "kmp.meeting.roll"
    _description = "Electoral Roll"
    _inherit = ["kmp.meeting.part"]
    _order = "meeting_id, number"
    _rec_names_search = ["number", "name"]

    meeting_id = fields.Many2one("kmp.meeting", required=True, ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, precompute=True, index=True)
    membership_id = fields.Many2one(
        "kmp.membership", "Member", required=True, ondelete="restrict", index=True, readonly=True
    )
    partner_id = fields.Many2one(related="membership_id.partner_id", string="Contact")
    class_id = fields.Many2one(
        "kmp.stakeholder.class", required=True, ondelete="restrict", index=True, readonly=True
    )
    number = fields.Char("Member Number", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    invited_on = fields.Datetime("Told On", readonly=True, help="When the convocation was sent or given.")
    attendance_ids = fields.One2many("kmp.meeting.attendance", "roll_id", readonly=True)
    is_present = fields.Boolean("Present", compute="_compute_is_present", search="_search_is_present")

    _unique_member = models.Constraint(
        "UNIQUE (meeting_id, membership_id)", "A member stands on a roll once."
    )

    @api.depends("number", "name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.number} {row.name}"

    @api.depends("attendance_ids.left_on")
    def _compute_is_present(self):
        for row in self:
            row.is_present = bool(row.attendance_ids.filtered(lambda each: not each.left_on))

    def _search_is_present(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("attendance_ids", "any" if True in value else "not any", [("left_on", "=", False)])]

    @api.model
    def _draw_up(self, meeting, day):
        """Make the roll of a meeting that of a day: who is not entitled goes, who is comes or is brought up to date.

        Query budget: two, whatever the number of members.
        """
        self.env.flush_all()
        entitled = self._get_entitled_query(meeting, day)
        self.env.execute_query(
            SQL(
                """DELETE FROM kmp_meeting_roll WHERE meeting_id = %s AND membership_id NOT IN (SELECT membership_id FROM (%s) e)
                   RETURNING id""",
                meeting.id,
                entitled,
            )
        )
        self.env.execute_query(
            SQL(
                """
                INSERT INTO kmp_meeting_roll
                       (meeting_id, company_id, membership_id, class_id, number, name, create_uid, write_uid, create_date, write_date)
                SELECT %(meeting)s, %(company)s, membership_id, class_id, number, name, %(uid)s, %(uid)s, NOW() AT TIME ZONE 'UTC',
                       NOW() AT TIME ZONE 'UTC'
                  FROM (%(entitled)s) e
                    ON CONFLICT (meeting_id, membership_id)
                    DO UPDATE SET class_id = EXCLUDED.class_id, number = EXCLUDED.number, name = EXCLUDED.name
                RETURNING id
                """,
                meeting=meeting.id,
                company=meeting.company_id.id,
                uid=self.env.uid,
                entitled=entitled,
            )
        )
        self.env.invalidate_all(flush=False)

    @api.model
    def _get_entitled_query(self, meeting, day):
        """(membership_id, class_id, number, name) of the members in good standing at the end of a day.

        That is: in a class on that day, not an associate (UU 25/1992 art. 18), not suspended, and without overdue dues where the rules
        ask for that. Whoever was suspended before steps were
        recorded is suspended.
        """
        conditions = [SQL("TRUE")]
        if meeting.kind == "class":
            conditions.append(SQL("period.class_id = %s", meeting.class_id.id))
        if meeting.rule_id.excludes_debtors:
            conditions.append(self._get_no_debtor_condition(meeting, day))
        if meeting.roll_basis == "delegates":
            conditions.append(SQL("m.id = ANY(%s)", meeting.delegate_ids.membership_id.ids))
        return SQL(
            """
            SELECT m.id AS membership_id, period.class_id, m.number, partner.name
              FROM kmp_membership m
              JOIN kmp_membership_period period
                ON period.membership_id = m.id
               AND period.date_from <= %(day)s AND COALESCE(period.date_to, %(day)s) >= %(day)s
              JOIN res_partner partner ON partner.id = m.partner_id
         LEFT JOIN LATERAL (SELECT step.kind FROM kmp_membership_step step
                             WHERE step.membership_id = m.id AND step.kind IN ('activate', 'suspend', 'reinstate')
                               AND step.date <= %(day)s
                             ORDER BY step.date DESC, step.id DESC LIMIT 1) last ON TRUE
             WHERE m.company_id = %(company)s AND m.number IS NOT NULL AND NOT COALESCE(m.is_associate, FALSE)
               AND COALESCE(last.kind, '') != 'suspend'
               AND NOT (m.state = 'suspended' AND NOT EXISTS (
                            SELECT FROM kmp_membership_step step WHERE step.membership_id = m.id AND step.kind = 'suspend'))
               AND %(conditions)s
            """,
            day=day,
            company=meeting.company_id.id,
            conditions=SQL(" AND ").join(conditions),
        )

    @api.model
    def _get_no_debtor_condition(self, meeting, day):
        """Nothing was due for longer than the rules allow on that day and is open still: what has been paid since counts for the member."""
        latest = day - timedelta(days=meeting.rule_id.arrears_days)
        return SQL(
            "m.id NOT IN (SELECT membership_id FROM (%s) due WHERE due.date_due < %s)",
            self.env["kmp.contribution.line"]._get_open_query(meeting.company_id.ids),
            latest,
        )

    def action_register(self):
        """Register these members as present. For clerks."""
        if not self.env["kmp.meeting.attendance"].has_access("create"):
            raise AccessError(
                self.env._("Only a clerk or an officer of the co-operative may register attendance.")
            )
        self.attendance_ids.filtered("left_on").action_return()
        absent = self.filtered(lambda row: not row.attendance_ids)
        self.env["kmp.meeting.attendance"].create(
            [{"meeting_id": row.meeting_id.id, "roll_id": row.id} for row in absent]
        )

    def action_leave(self):
        """Record that these members go before the end of the meeting. For clerks."""
        self.attendance_ids.action_leave()

    def action_unregister(self):
        """Take back a registration that was a mistake. For clerks."""
        self.attendance_ids.unlink()
