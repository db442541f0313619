from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

DOCUMENTS_STEP = 50


class KmpMembership(models.Model):
    """A member's own business with the co-operative, read by the same `SELECT` that the surplus is divided by."""

    _inherit = "kmp.membership"

    def _get_business_year(self, year=None):
        """(first day, last day) of the fiscal year that ends in `year`, by default the current one."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        dates = self.company_id.compute_fiscalyear_dates(today)
        if year and year != dates["date_to"].year:
            shift = year - dates["date_to"].year
            dates = self.company_id.compute_fiscalyear_dates(fields.Date.add(today, years=shift))
        return dates["date_from"], dates["date_to"]

    def _get_business_years(self):
        """The years that a member may look at: from joining to now, the latest first, ten at most."""
        self.ensure_one()
        last = self._get_business_year()[1].year
        first = max((self.date_start or fields.Date.context_today(self)).year, last - 9)
        return list(range(last, first - 1, -1))

    def _get_business_bases(self):
        return self.env["kmp.patronage.basis"].search([("company_id", "=", self.company_id.id)])

    def _get_business_policy(self, date_to):
        """The membership policy of the scheme in force on a day."""
        scheme = self.env["kmp.shu.scheme"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "in_force"),
                ("date_from", "<=", date_to),
            ],
            order="date_from desc",
            limit=1,
        )
        return scheme.membership_policy or "document_date"

    def _get_own_business_query(self, basis, date_from, date_to) -> SQL:
        """The rows of a basis's business that are this member's and count."""
        return SQL(
            "SELECT * FROM (%s) business WHERE measure != 0",
            basis._get_business_query(date_from, date_to, self._get_business_policy(date_to), self),
        )

    def _prepare_portal_business(self, date_from, date_to):
        """[{id, name, source, measure, total, documents}] for each basis. Query budget: two per basis."""
        self.ensure_one()
        self.env.flush_all()
        return [self._prepare_portal_basis(basis, date_from, date_to) for basis in self._get_business_bases()]

    def _prepare_portal_basis(self, basis, date_from, date_to):
        [(total, documents)] = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(measure), 0)::text, COUNT(*) FROM (%s) own",
                self._get_own_business_query(basis, date_from, date_to),
            )
        )
        return {
            "id": basis.id,
            "name": basis.name,
            "source": basis._get_label("source"),
            "measure": basis._get_label("measure"),
            "total": self._format_exact(Decimal(total)),
            "documents": documents,
        }

    def _prepare_portal_business_documents(self, basis, date_from, date_to, offset=0):
        """A page of the documents behind a basis, the latest first: [{date, document, product, value, measure}].

        Query budget: one and the names.
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date, document_id, product_id, value::text, measure::text FROM (%s) own
                 ORDER BY date DESC, document_id DESC LIMIT %s OFFSET %s
                """,
                self._get_own_business_query(basis, date_from, date_to),
                DOCUMENTS_STEP,
                offset,
            )
        )
        names = self.env[basis.source]._get_document_names([row[1] for row in rows])
        products = self.env["product.product"].browse({row[2] for row in rows if row[2]})
        product_names = {product.id: product.display_name for product in products}
        return [
            {
                "date": day,
                "document": names.get(document_id, ""),
                "product": product_names.get(product_id, ""),
                "value": self._format_exact(Decimal(value)),
                "measure": self._format_exact(Decimal(measure)),
            }
            for day, document_id, product_id, value, measure in rows
        ]
