from types import SimpleNamespace

from odoo import fields, models
from odoo.fields import Date

KINDS = [
    ("position", "Financial Position"),
    ("result", "Business Result (Participation)"),
    ("result_plain", "Business Result (Plain)"),
    ("equity", "Changes in Equity"),
    ("cash_flow", "Cash Flows"),
]


class MisReport(models.Model):
    """A template that is a statement of the co-operative.

    The lines of the result may use `members.turnover` and `members.cost`: the members' part of the result of the period, from the
    patronage sources (`res.company._get_surplus_parts`); those of the cash flows `assets.owed` and `assets.gain`
    (`kmp.cash.flows`). `shown(value, items)` is `value`, with `items`, an accounting expression, to drill down to.
    """

    _inherit = "mis.report"

    kmp_statement = fields.Selection(
        KINDS,
        "Co-operative Statement",
        copy=False,
        help="The statement of the co-operative that this template makes, on the screen, in print and in the annual pack.",
    )

    _kmp_statement_unique = models.UniqueIndex(
        "(kmp_statement) WHERE kmp_statement IS NOT NULL",
        "Another template already makes this statement. Clear the field there first.",
    )

    def _prepare_aep(self, companies, currency=None):
        """The accounts of all lines are looked for with the places asked for once."""
        if self.kmp_statement and len(companies) == 1:
            places = self.env["account.account"]._get_places(companies)
            companies = companies.with_context(kmp_places=places)
        return super()._prepare_aep(companies, currency)

    def _declare_and_compute_period(
        self, expression_evaluator, kpi_matrix, *args, locals_dict=None, **kwargs
    ):
        locals_dict = {} if locals_dict is None else locals_dict
        if self.kmp_statement:
            locals_dict["shown"] = lambda value, _items: value
        if self.kmp_statement == "result":
            locals_dict["members"] = self._get_members_part(expression_evaluator)
        if self.kmp_statement == "cash_flow":
            locals_dict["assets"] = self._get_asset_flows(expression_evaluator)
        return super()._declare_and_compute_period(
            expression_evaluator, kpi_matrix, *args, locals_dict=locals_dict, **kwargs
        )

    def _get_members_part(self, evaluator):
        """`turnover` and `cost` of the members in the period and companies of the evaluator, in its numbers."""
        to_number = _get_number_maker(evaluator)
        parts = [
            company._get_surplus_parts(evaluator.date_from, evaluator.date_to).get("member")
            for company in evaluator.aep.companies
        ]
        return SimpleNamespace(
            turnover=sum(to_number(part.turnover) for part in parts if part),
            cost=sum(to_number(part.cost) for part in parts if part),
        )

    def _get_asset_flows(self, evaluator):
        """`owed` and `gain` of the assets in the period and companies of the evaluator, in its numbers."""
        to_number = _get_number_maker(evaluator)
        flows = [
            company.env["kmp.cash.flows"]._get_asset_flows(
                company, Date.to_date(evaluator.date_from), Date.to_date(evaluator.date_to)
            )
            for company in evaluator.aep.companies
        ]
        return SimpleNamespace(
            owed=sum(to_number(flow.owed) for flow in flows), gain=sum(to_number(flow.gain) for flow in flows)
        )


def _get_number_maker(evaluator):
    """MIS Builder counts in floats, our own statements in units of the currency (see `ExactProcessor`)."""
    return getattr(evaluator.aep, "to_units", float)


class MisReportStyle(models.Model):
    _inherit = "mis.report.style"

    kmp_row = fields.Selection(
        [
            ("title", "Title"),
            ("heading", "Heading"),
            ("line", "Line"),
            ("sum", "Subtotal"),
            ("total", "Total"),
            ("warning", "Warning"),
        ],
        "Row in Print",
        help="How a row of this style looks in the print and the workbook of the co-operative.",
    )
