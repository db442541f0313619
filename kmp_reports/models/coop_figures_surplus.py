from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .coop_figures import Year


class CoopFigures(models.AbstractModel):
    """What each year earned, with members and with others, and what its distribution gives to each class."""

    _inherit = "kmp.coop.figures"

    @api.model
    def _get_parts(self, company, years):
        """The surplus of each year and its parts, as `res.company._get_surplus_parts` has them in the books now."""
        self._check_readable(company, "kmp.shu.run")
        # sudo: totals of business, for whoever may read the distribution that shows them
        company = company.sudo()
        return [company._get_surplus_parts(*year) for year in years]

    @api.model
    def _get_runs(self, company, years):
        """{Year: (run id, is posted, {class id or None: the members' shares})}, for the years that have one.

        Of a year's runs the last correction that is posted, else what is computed. Query budget: one.
        """
        self._check_readable(company, "kmp.shu.run")
        rows = self.env.execute_query(
            SQL(
                """
                WITH run AS (
                    SELECT DISTINCT ON (date_from, date_to) id, date_from, date_to,
                           state IN ('posted', 'closed') AS is_posted
                      FROM kmp_shu_run
                     WHERE company_id = %(company)s AND date_to = ANY(%(ends)s)
                       AND state IN ('computed', 'approved', 'posted', 'closed')
                     ORDER BY date_from, date_to, is_posted DESC, id DESC)
                SELECT run.date_from, run.date_to, run.id, run.is_posted, share.class_id, SUM(share.amount)::text
                  FROM run LEFT JOIN kmp_shu_share share ON share.run_id = run.id
             LEFT JOIN kmp_stakeholder_class class ON class.id = share.class_id
                 GROUP BY 1, 2, 3, 4, 5, class.sequence, class.code
                 ORDER BY 1, 2, class.sequence, class.code COLLATE "C"
                """,
                company=company.id,
                ends=[year.date_to for year in years],
            )
        )
        runs = {}
        for date_from, date_to, run_id, is_posted, class_id, amount in rows:
            run = runs.setdefault(Year(date_from, date_to), (run_id, is_posted, {}))
            if amount is not None:
                run[2][class_id] = Decimal(amount)
        return runs
