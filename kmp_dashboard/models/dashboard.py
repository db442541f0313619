from odoo import api, fields, models
from odoo.exceptions import UserError

# What the board looks at, in this order, and whose readers may see it.
CARDS = {
    "dates": "kmp.meeting",
    "members": "kmp.membership",
    "capital": "kmp.share.ledger",
    "turnover": "kmp.shu.run",
    "surplus": "kmp.shu.run",
    "arrears": "kmp.contribution.arrears",
}
YEARS = 5
LIST, FORM, PIVOT = [False, "list"], [False, "form"], [False, "pivot"]


class KmpDashboard(models.AbstractModel):
    """What the board looks at: one card per question, each asked alone, so that a quick one does not wait for a slow one.

    A card is a dict: `title`; `headline` (`value` as exact text, `type` integer, monetary or percentage, `note`); `chart`, or
    `rows` of dates; `empty` (`text`, `button`, `action`) where there is nothing to show yet; `action` behind the title. A chart
    has `labels` and `series`, each with a `label`, its `values` as exact text and, under `actions`, the way from each
    value to its records. The figures are those of `kmp.coop.figures`.
    """

    _name = "kmp.dashboard"
    _description = "Dashboard of the Co-operative"

    @api.model
    def get_overview(self):
        """The company, its currency and the names of the cards that the user may see; `start` is the way to the set-up for
        whoever may take it, while the company has no class and no share type.

        :raise AccessError: the user has nothing to do with the co-operative
        """
        self.env["kmp.membership"].check_access("read")
        company = self.env.company
        return {
            "company": company.name,
            "currency_id": company.currency_id.id,
            "is_set_up": self._is_set_up(company),
            "start": self._get_start(),
            "cards": [name for name, model in CARDS.items() if self.env[model].has_access("read")],
        }

    @api.model
    def get_card(self, name):
        """One card of the user's current company, see the class.

        :raise AccessError: the user may not read what it shows
        """
        if name not in CARDS:
            raise UserError(self.env._("The dashboard has no card %r. Open it again from its menu.", name))
        self.env[CARDS[name]].check_access("read")
        return {"name": name} | getattr(self, f"_get_{name}_card")(self.env.company)

    def _is_set_up(self, company):
        return all(
            self.env[model].search_count([("company_id", "=", company.id)], limit=1)
            for model in ("kmp.stakeholder.class", "kmp.share.type")
        )

    def _get_start(self):
        if not self.env["kmp.setup.assistant"].has_access("create"):
            return None
        return "kmp_membership.setup_assistant_action"

    def _get_years(self, company):
        """The last fiscal years; the current one up to today."""
        today = fields.Date.context_today(self)
        years = self.env["kmp.coop.figures"]._get_years(company, today, YEARS)
        return [*years[:-1], years[-1]._replace(date_to=today)]

    def _get_year_label(self, company, year):
        """2025, or 2025/26 where the year is not the calendar's; the current one with dots."""
        end = company.compute_fiscalyear_dates(year.date_to)["date_to"]
        label = str(end.year) if end.year == year.date_from.year else f"{year.date_from.year}/{end:%y}"
        return label if year.date_to == end else f"{label} …"

    def _prepare_action(self, name, model, domain, views=(LIST, FORM), **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": list(views),
            "domain": domain,
            "context": {"create": False, **context},
        }

    def _prepare_chart(self, labels, series, value_type):
        """:param series: of (label, values, actions); one without a value is left out, so that only what there is has a colour"""
        return {
            "labels": labels,
            "type": value_type,
            "series": [
                {"label": label, "values": [str(value) for value in values], "actions": list(actions)}
                for label, values, actions in series
                if any(values)
            ],
        }
