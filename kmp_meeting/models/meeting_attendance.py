from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class MeetingAttendance(models.Model):
    """Somebody on the roll who has come, votes from afar, or is represented by another member where the rules allow it."""

    _name = "kmp.meeting.attendance"
    _description = "Attendance"
    _inherit = ["kmp.meeting.part"]
    _order = "meeting_id, id desc"
    _rec_name = "roll_id"

    _meeting_states = ("convened", "open")

    meeting_id = fields.Many2one("kmp.meeting", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True, precompute=True)
    roll_id = fields.Many2one(
        "kmp.meeting.roll",
        "Member",
        required=True,
        ondelete="restrict",
        domain="[('meeting_id', '=', meeting_id), ('attendance_ids', '=', False)]",
    )
    membership_id = fields.Many2one(
        related="roll_id.membership_id", string="Membership", store=True, index=True
    )
    class_id = fields.Many2one(related="roll_id.class_id", store=True, index=True)
    is_remote = fields.Boolean("From Afar", readonly=True)
    left_on = fields.Datetime(
        readonly=True, help="Since then the member is not counted as present; whoever comes back is."
    )
    holder_id = fields.Many2one(
        "kmp.meeting.roll",
        "Represented By",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('meeting_id', '=', meeting_id), ('attendance_ids', '!=', False)]",
    )
    document = fields.Binary("Proxy Letter", attachment=True)
    document_name = fields.Char()
    create_date = fields.Datetime("Registered", readonly=True)

    _unique_roll = models.Constraint("UNIQUE (roll_id)", "This member is registered as present already.")
    _not_oneself = models.Constraint(
        "CHECK (holder_id IS NULL OR holder_id <> roll_id)", "Nobody represents himself."
    )

    @api.constrains("meeting_id", "roll_id", "holder_id")
    def _check_roll(self):
        for attendance in self:
            for row in attendance.roll_id | attendance.holder_id:
                if row.meeting_id != attendance.meeting_id:
                    raise ValidationError(
                        self.env._(
                            "%(name)s is not on the roll of %(meeting)s.",
                            name=row.name,
                            meeting=attendance.meeting_id.name,
                        )
                    )

    @api.constrains("roll_id", "holder_id")
    def _check_proxy(self):
        self._begin_again_where_held_meanwhile()
        for attendance in self.filtered("holder_id"):
            rule, holder = attendance.meeting_id.rule_id, attendance.holder_id
            held = self.search_count([("holder_id", "=", holder.id)])
            if held > rule.proxies_per_member:
                raise ValidationError(
                    self.env._(
                        "%(holder)s would represent %(count)s members; %(rule)s allow %(limit)s.",
                        holder=holder.name,
                        count=held,
                        rule=rule.name,
                        limit=rule.proxies_per_member,
                    )
                )
            if rule.proxy_within_class and holder.class_id != attendance.class_id:
                raise ValidationError(
                    self.env._(
                        "%(name)s can only be represented by a member of the same class, %(class)s.",
                        **{"name": attendance.roll_id.name, "class": attendance.class_id.display_name},
                    )
                )
            if not holder.is_present or holder.attendance_ids.holder_id or attendance._get_held():
                raise ValidationError(
                    self.env._(
                        "%(holder)s must be present in person to represent %(name)s.",
                        holder=holder.name,
                        name=attendance.roll_id.name,
                    )
                )

    def _begin_again_where_held_meanwhile(self):
        """Two clerks who register proxies of one holder at once do not see each other's. A row that both write has
        PostgreSQL refuse the later one, and Odoo begin that request again, which then sees both."""
        if holders := self.holder_id:
            self.env.cr.execute(SQL("UPDATE kmp_meeting_roll SET id = id WHERE id IN %s", holders._ids))

    def write(self, vals):
        if {"roll_id", "meeting_id", "is_remote"} & vals.keys():
            raise UserError(
                self.env._(
                    "Who is present does not change into somebody else: remove the line and add another."
                )
            )
        return super().write(vals)

    def action_leave(self):
        """Record that these members go before the end, and with them those whom they represent. For clerks."""
        self._record_departure(fields.Datetime.now())

    def action_return(self):
        """Record that these members are back. For clerks."""
        self._record_departure(None)

    def _record_departure(self, moment):
        self.check_access("write")
        (self | self._get_held()).write({"left_on": moment})

    def _get_held(self):
        """The registrations of those whom these members represent."""
        return self.search([("holder_id", "in", self.roll_id.ids)]) if self else self

    @api.ondelete(at_uninstall=False)
    def _unlink_except_needed(self):
        held = self._get_held() - self
        if held:
            raise UserError(
                self.env._(
                    "%(holder)s represents %(name)s. Remove that first.",
                    holder=held[0].holder_id.name,
                    name=held[0].roll_id.name,
                )
            )
        # sudo: who voted does not depend on who asks
        voter = self.env["kmp.meeting.voter"].sudo().search([("roll_id", "in", self.roll_id.ids)], limit=1)
        if voter:
            raise UserError(self.env._("%s has voted in this meeting and was present.", voter.roll_id.name))
