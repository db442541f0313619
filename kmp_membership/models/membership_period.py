import datetime
import itertools
import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

INFINITY = datetime.date.max


def _overlap_message(env, diagnostics):
    """Name the member and the two periods of a violated exclusion constraint (only a concurrent change gets this far)."""
    detail = diagnostics.message_detail if diagnostics else ""
    ranges = re.findall(r"\[(\d+),\d+\), \[?\(?([\d-]*),([\d-]*)\)", (detail or "").replace('"', ""))
    if len(ranges) != 2:
        return env._("A member belongs to one class at a time: two class periods overlap.")
    membership = env["kmp.membership"].browse(int(ranges[0][0])).exists()
    first, second = (_describe_range(env, start, end) for _membership, start, end in ranges)
    return env._(
        "Member %(member)s: the class period %(first)s overlaps %(second)s. Close the earlier period first.",
        member=membership.display_name,
        first=first,
        second=second,
    )


def _describe_range(env, start, end):
    """PostgreSQL prints a range of days with its end excluded."""
    until = format_date(env, datetime.date.fromisoformat(end) - datetime.timedelta(days=1)) if end else "…"
    return f"{format_date(env, start)} – {until}"


class MembershipPeriod(models.Model):
    """The days on which a member belongs to a class: both dates included, an empty end is open.

    A member belongs to one class on any day. The rule is checked for a whole batch in one query before it is written, so that the
    message can name the record; the exclusion constraint holds it against concurrent changes and against SQL. It needs no
    extension: the key is written as a range of one integer.
    """

    _name = "kmp.membership.period"
    _description = "Class Period"
    _order = "membership_id, date_from desc"
    _check_company_auto = True

    membership_id = fields.Many2one(
        "kmp.membership", "Member", required=True, ondelete="cascade", index=True, check_company=True
    )
    company_id = fields.Many2one(related="membership_id.company_id", store=True, precompute=True, index=True)
    class_id = fields.Many2one(
        "kmp.stakeholder.class", required=True, ondelete="restrict", index=True, check_company=True
    )
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Until", help="The last day in this class. Empty while the member belongs to it.")

    _one_class_per_day = models.Constraint(
        "EXCLUDE USING gist (int4range(membership_id, membership_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        _overlap_message,
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A class period ends on the day it begins, or later."
    )

    @api.depends("class_id", "date_from", "date_to")
    def _compute_display_name(self):
        for period in self:
            period.display_name = self._describe(period.class_id, period.date_from, period.date_to)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_periods(
            (
                vals.get("membership_id"),
                self._to_date(vals.get("date_from")),
                self._to_date(vals.get("date_to")),
                vals.get("class_id"),
            )
            for vals in vals_list
        )
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"membership_id", "date_from", "date_to"}:
            self._check_periods(
                [
                    (
                        vals.get("membership_id", period.membership_id.id),
                        self._to_date(vals["date_from"]) if "date_from" in vals else period.date_from,
                        self._to_date(vals["date_to"]) if "date_to" in vals else period.date_to,
                        vals.get("class_id", period.class_id.id),
                    )
                    for period in self
                ],
                replaced=self,
            )
        return super().write(vals)

    @api.model
    def _to_date(self, value):
        return fields.Date.to_date(value) or None

    @api.model
    def _check_periods(self, periods, replaced=None):
        """Refuse periods that end before they begin or that overlap, among themselves or with stored ones.

        :param periods: iterable of (membership id, first day, last day or None, class id)
        :param replaced: stored periods that these values replace
        :raise ValidationError: names the member and the two periods
        Query budget: one for any number of periods.
        """
        by_membership = defaultdict(list)
        for membership_id, date_from, date_to, class_id in periods:
            if not membership_id or not date_from:
                continue  # the required fields say so themselves
            if date_to and date_to < date_from:
                raise ValidationError(
                    self.env._(
                        "Member %(member)s: the class period begins on %(date_from)s and cannot end on %(date_to)s, before it begins.",
                        member=self._member_name(membership_id),
                        date_from=format_date(self.env, date_from),
                        date_to=format_date(self.env, date_to),
                    )
                )
            by_membership[membership_id].append((date_from, date_to or INFINITY, class_id))
        if not by_membership:
            return
        self._add_stored_periods(by_membership, replaced)
        for membership_id, spans in by_membership.items():
            spans.sort(key=lambda span: span[:2])
            for first, second in itertools.pairwise(spans):
                if second[0] <= first[1]:
                    raise ValidationError(
                        self.env._(
                            "Member %(member)s: the class period %(first)s overlaps %(second)s. "
                            "A member belongs to one class at a time: close the earlier period first.",
                            member=self._member_name(membership_id),
                            first=self._describe_span(first),
                            second=self._describe_span(second),
                        )
                    )

    @api.model
    def _add_stored_periods(self, by_membership, replaced):
        self.flush_model(["membership_id", "date_from", "date_to", "class_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT membership_id, date_from, date_to, class_id FROM kmp_membership_period
                    WHERE membership_id = ANY(%s) AND id <> ALL(%s)""",
                list(by_membership),
                list(replaced.ids if replaced else []),
            )
        )
        for membership_id, date_from, date_to, class_id in rows:
            by_membership[membership_id].append((date_from, date_to or INFINITY, class_id))

    @api.model
    def _member_name(self, membership_id):
        return self.env["kmp.membership"].browse(membership_id).display_name

    @api.model
    def _describe_span(self, span):
        date_from, date_to, class_id = span
        stakeholder_class = self.env["kmp.stakeholder.class"].browse(class_id)
        return self._describe(stakeholder_class, date_from, None if date_to == INFINITY else date_to)

    @api.model
    def _describe(self, stakeholder_class, date_from, date_to):
        """For example ``PRD Producers, 01/01/2025 – 30/06/2025``."""
        until = format_date(self.env, date_to) if date_to else "…"
        return f"{stakeholder_class.display_name}, {format_date(self.env, date_from)} – {until}"
