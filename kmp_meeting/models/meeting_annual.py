from dateutil.relativedelta import relativedelta

from odoo import api, models

# UU 25/1992 art. 26: the meeting on the accounts is held within six months of the end of the year.
MONTHS_AFTER_YEAR_END = 6
HELD = ("closed", "signed")


class Meeting(models.Model):
    """The meeting on the accounts of a year, for whoever asks whether it was held and when it must be."""

    _inherit = "kmp.meeting"

    @api.model
    def _get_annual_meeting(self, company, year_end):
        """The meeting on the year of the company that ends on `year_end`: the one that was held, else the next one; empty for none."""
        meetings = self.search(
            [
                ("company_id", "=", company.id),
                ("fiscal_year_end", "=", year_end),
                ("kind", "!=", "class"),
                ("state", "!=", "cancelled"),
            ],
            order="date",
        )
        return (meetings.filtered(lambda meeting: meeting.state in HELD) or meetings)[:1]

    @api.model
    def _get_annual_deadline(self, year_end):
        """The last day for the meeting on a year (UU 25/1992 art. 26)."""
        return year_end + relativedelta(months=MONTHS_AFTER_YEAR_END, day=31)
