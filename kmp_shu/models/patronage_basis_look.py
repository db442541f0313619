from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

# A list of documents is for looking at: nobody reads more, and a browser does not carry more.
LISTED_DOCUMENTS = 50_000


class KmpPatronageBasis(models.Model):
    """What can be seen of a basis: the documents behind it, and what is amiss with them."""

    _inherit = "kmp.patronage.basis"

    def _prepare_documents_action(self, name, business: SQL, condition: SQL):
        """A list of the documents of this basis's source among the rows of `business` that fulfil
        `condition` and count: a row with no measure, such as the cost of a sale that is measured by its
        value, is left out."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT document_id FROM (%s) business WHERE measure != 0 AND %s LIMIT %s",
                business,
                condition,
                LISTED_DOCUMENTS + 1,
            )
        )
        return self._prepare_list_action(name, self.env[self.source]._document_model, rows)

    def _prepare_list_action(self, name, model, rows):
        if len(rows) > LISTED_DOCUMENTS:
            raise UserError(
                self.env._(
                    "%(name)s: more than %(count)s document lines, which no list can show. Open those of a member.",
                    name=name,
                    count=LISTED_DOCUMENTS,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", [row[0] for row in rows])],
            "context": {"create": False},
        }

    def _count_without_cost(self, date_from, date_to):
        """Goods (of a source that names products) or lines (of one that does not) that have a value in
        the period and no cost. Services have none."""
        self.ensure_one()
        business = self._get_business_query(date_from, date_to)
        if self.env[self.source]._has_products:
            query = SQL(
                """
                SELECT COUNT(*)
                  FROM (SELECT product_id FROM (%s) business GROUP BY product_id
                        HAVING SUM(value) != 0 AND SUM(cost) = 0) lacking
                  JOIN product_product product ON product.id = lacking.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE template.is_storable
                """,
                business,
            )
        else:
            query = SQL("SELECT COUNT(*) FROM (%s) business WHERE value != 0 AND cost = 0", business)
        [[count]] = self.env.execute_query(query)
        return count

    def _tells_same_business(self, other):
        """Whether a line of business can count in this basis and in `other`, by how they are set."""
        if self.source == other.source:
            overlaps = _overlaps(self.account_ids, other.account_ids) and (
                self.env[self.source]._has_products or self.import_ids & other.import_ids
            )
        else:
            overlaps = (
                other.source in self.env[self.source]._same_business_as
                or self.source in self.env[other.source]._same_business_as
            )
        return bool(
            overlaps
            and _overlaps(self.class_ids, other.class_ids)
            and _overlaps(self._get_all_categories(), other._get_all_categories())
        )

    def _get_all_categories(self):
        return self.product_category_ids.search([("id", "child_of", self.product_category_ids.ids)])


def _overlaps(records, others):
    """Whether two choices have something in common; an empty one is a choice of all."""
    return not records or not others or records & others
