from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.kmp_meeting.models.meeting_annual import HELD
from odoo.addons.kmp_reports.models.rat_pack import READY_MONTHS

from .dashboard import FORM, LIST

SOON = 30  # days


class KmpDashboard(models.AbstractModel):
    """The dates that the law sets: annual report (UU 25/1992 art. 35) and members' meeting (art. 26) on the last year that ended."""

    _inherit = "kmp.dashboard"

    def _get_dates_card(self, company):
        today = fields.Date.context_today(self)
        ended, current = self.env["kmp.coop.figures"]._get_years(company, today, 2)
        meeting = self.env["kmp.meeting"]._get_annual_meeting(company, ended.date_to)
        is_held = meeting.state in HELD or self._is_decided(company, ended)
        rows = [
            self._prepare_report_row(company, ended, meeting, is_held),
            self._prepare_meeting_row(company, ended, meeting, is_held),
            {"name": self.env._("End of the year"), "day": current.date_to},
        ]
        return {
            "title": self.env._("Legal dates"),
            "headline": None,
            "rows": [self._prepare_date(today, **row) for row in rows],
            "chart": None,
            "empty": None,
            "action": "kmp_meeting.meeting_action",
        }

    def _prepare_report_row(self, company, year, meeting, is_held):
        """Done when the board has signed the report, or when the meeting on it was held."""
        report = self._get_annual_report(company, year)
        deadline = self.env["kmp.meeting"]._get_annual_deadline(year.date_to)
        planned = meeting._get_day() if meeting else report.meeting_date
        meets_on = min(planned or deadline, deadline)
        return {
            "name": self.env._("Annual report of %s", self._get_year_label(company, year)),
            "note": self.env._("a month before the meeting (UU 25/1992 art. 35)"),
            "day": meets_on - relativedelta(months=READY_MONTHS),
            "is_done": is_held or report.state == "signed",
            "action": report
            and self._prepare_action(report.name, report._name, [], (FORM,)) | {"res_id": report.id},
        }

    def _get_annual_report(self, company, year):
        """The pack of the year, empty where there is none or the user may not see it."""
        packs = self.env["kmp.rat.pack"]
        if not packs.has_access("read"):
            return packs
        return packs.search([("company_id", "=", company.id), ("date_to", "=", year.date_to)])

    def _prepare_meeting_row(self, company, year, meeting, is_held):
        note = self.env._("within six months of the year's end (UU 25/1992 art. 26)")
        if meeting and meeting.state not in HELD:
            note = self.env._("planned for %s", format_date(self.env, meeting._get_day()))
        return {
            "name": self.env._("Members' meeting on %s", self._get_year_label(company, year)),
            "note": note,
            "day": self.env["kmp.meeting"]._get_annual_deadline(year.date_to),
            "is_done": is_held,
            "action": self._prepare_meeting_action(meeting),
        }

    def _is_decided(self, company, year):
        """Whether the members have divided the surplus, which they do in that meeting, also when it was held on paper."""
        # sudo: that the meeting was held is no secret of who may not see the surplus
        return bool(
            self.env["kmp.shu.run"]
            .sudo()
            .search_count(
                [
                    ("company_id", "=", company.id),
                    ("date_to", "=", year.date_to),
                    ("state", "in", ("posted", "closed")),
                ],
                limit=1,
            )
        )

    def _prepare_date(self, today, name, day, note="", is_done=False, action=None):
        days = (day - today).days
        if is_done:
            status = "done"
        elif days < 0:
            status = "late"
        else:
            status = "soon" if days <= SOON else "later"
        return {
            "name": name,
            "note": note,
            "date": str(day),
            "days": days,
            "status": status,
            "action": action or None,
        }

    def _prepare_meeting_action(self, meeting):
        if not meeting:
            return "kmp_meeting.meeting_action"
        return self._prepare_action(meeting.name, "kmp.meeting", [], (FORM, LIST)) | {"res_id": meeting.id}
