from odoo import models
from odoo.tools import SQL

MEASURES = {
    "value": SQL("business.value"),
    "quantity": SQL("business.quantity"),
    "margin": SQL("(business.value - business.cost)"),
    "hours": SQL("business.hours"),
}
# How membership decides what counts, e.g. for who leaves or changes class in the year.
DOCUMENT_DATE, PRO_RATA, EXCLUDE_LEAVERS = "document_date", "pro_rata", "exclude_leavers"


class KmpPatronageBasis(models.Model):
    """How a basis reads the documents of a period and what each member weighs in it, set-based.

    A policy says how membership decides:

    - `document_date`: membership and class are those of the document's day, so that business before
      joining or after leaving does not count;
    - `pro_rata`: the business of the whole period counts, times the days of membership in the class, of the
      days of the period;
    - `exclude_leavers`: as `document_date`, and who is no member on the last day has nothing.
    """

    _inherit = "kmp.patronage.basis"

    def _get_business_query(self, date_from, date_to, policy=DOCUMENT_DATE, member=None) -> SQL:
        """The business that counts for this basis, of one membership or of all, a row per document line and class.

        Columns: `membership_id`, `class_id`, `days` (of the class in the period; only `pro_rata` uses
        them), `partner_id` (of the membership), `product_id`, `date`, `document_id`, `value` and `cost` as the
        source has them (company currency), `measure` (company currency, units or hours, times the quality weight).
        """
        self.ensure_one()
        return SQL(
            """
            SELECT member.membership_id,
                   member.class_id,
                   member.days,
                   member.partner_id,
                   business.product_id,
                   business.date,
                   business.document_id,
                   business.value,
                   business.cost,
                   %(measure)s AS measure
              FROM (%(source)s) business
              JOIN (%(members)s) member
                ON member.contact_id = business.partner_id
               AND business.date BETWEEN member.date_from AND member.date_to
                   %(grades)s
             WHERE %(products)s AND %(classes)s AND %(contacts)s
            """,
            measure=self._get_measure(),
            source=self.env[self.source]._get_select(self, date_from, date_to),
            members=self._get_member_query(date_from, date_to, policy, member),
            grades=self._get_grade_join(),
            products=self._get_product_condition(),
            classes=self._get_class_condition(),
            contacts=self._get_contact_condition(member),
        )

    def _get_member_query(self, date_from, date_to, policy, member) -> SQL:
        """Whose business counts, a row for each contact of a membership and each of its tenures: `contact_id`,
        `partner_id` and the columns of `_get_tenure_query`. A contact counts for its commercial partner.

        `OFFSET` has PostgreSQL join this first, and then look up each of a million documents once: it expects few of
        them within the days of a tenure, and would rather look up each of them three times. As a bigint, which the
        quotes make of it, it does not keep several processors from working on it.
        """
        return SQL(
            """
            SELECT contact.id AS contact_id, membership.partner_id, tenure.*
              FROM kmp_membership membership
              JOIN res_partner contact ON contact.commercial_partner_id = membership.partner_id
              JOIN (%(tenure)s) tenure ON tenure.membership_id = membership.id
             WHERE %(member)s
            OFFSET '0'
            """,
            tenure=self._get_tenure_query(date_from, date_to, policy),
            member=SQL("membership.id = %s", member.id) if member else SQL("TRUE"),
        )

    def _get_contact_condition(self, member) -> SQL:
        """That of `_get_member_query` again for one member, where PostgreSQL finds the few documents by their contact."""
        if not member:
            return SQL("TRUE")
        return SQL(
            "business.partner_id = ANY(ARRAY(SELECT id FROM res_partner WHERE commercial_partner_id = %s))",
            member.partner_id.id,
        )

    def _get_tenure_query(self, date_from, date_to, policy) -> SQL:
        """The days on which business counts for a class: `membership_id`, `class_id`, `date_from`,
        `date_to`, `days`."""
        if policy == PRO_RATA:
            return SQL(
                """
                SELECT membership_id, class_id,
                       %(date_from)s::date AS date_from, %(date_to)s::date AS date_to,
                       SUM(LEAST(COALESCE(date_to, 'infinity'), %(date_to)s)
                           - GREATEST(date_from, %(date_from)s) + 1) AS days
                  FROM kmp_membership_period
                 WHERE company_id = %(company)s AND date_from <= %(date_to)s
                   AND (date_to IS NULL OR date_to >= %(date_from)s)
                 GROUP BY membership_id, class_id
                """,
                company=self.company_id.id,
                date_from=date_from,
                date_to=date_to,
            )
        return SQL(
            """
            SELECT period.membership_id, period.class_id, period.date_from,
                   COALESCE(period.date_to, 'infinity') AS date_to, NULL::integer AS days
              FROM kmp_membership_period period
             WHERE period.company_id = %(company)s AND %(stayed)s
            """,
            company=self.company_id.id,
            stayed=self._get_stayed_condition(date_to) if policy == EXCLUDE_LEAVERS else SQL("TRUE"),
        )

    def _get_stayed_condition(self, date_to) -> SQL:
        return SQL(
            """EXISTS (SELECT 1 FROM kmp_membership_period last
                        WHERE last.membership_id = period.membership_id AND last.date_from <= %(date_to)s
                          AND (last.date_to IS NULL OR last.date_to >= %(date_to)s))""",
            date_to=date_to,
        )

    def _get_measure(self) -> SQL:
        measure = MEASURES[self.measure]
        return SQL("%s * COALESCE(grade.factor, 1)", measure) if self.weight_ids else measure

    def _get_grade_join(self) -> SQL:
        """The weight of each product: that of the closest category upward that has one."""
        if not self.weight_ids:
            return SQL()
        self.weight_ids.flush_recordset()
        return SQL(
            """
            LEFT JOIN (SELECT DISTINCT ON (product.id) product.id AS product_id, weight.factor
                         FROM kmp_patronage_basis_weight weight
                         JOIN product_category graded ON graded.id = weight.category_id
                         JOIN product_category category
                           ON category.parent_path LIKE graded.parent_path || '%%'
                         JOIN product_template template ON template.categ_id = category.id
                         JOIN product_product product ON product.product_tmpl_id = template.id
                        WHERE weight.basis_id = %s
                        ORDER BY product.id, LENGTH(graded.parent_path) DESC) grade
              ON grade.product_id = business.product_id
            """,
            self.id,
        )

    def _get_product_condition(self) -> SQL:
        return SQL("%s AND %s", self._get_category_condition(), self._get_ticket_condition())

    def _get_ticket_condition(self) -> SQL:
        """Who buys a membership pays capital in, and has not done business."""
        # sudo: which products are tickets decides, not which of them the user may see
        products = self.env["product.product"].sudo().with_company(self.company_id)
        tickets = products.with_context(active_test=False).search([("kmp_share_type_id", "!=", False)])
        if not tickets:
            return SQL("TRUE")
        return SQL("(business.product_id IS NULL OR business.product_id != ALL(%s))", tickets.ids)

    def _get_category_condition(self) -> SQL:
        if not self.product_category_ids:
            return SQL("TRUE")
        categories = self.product_category_ids.search([("id", "child_of", self.product_category_ids.ids)])
        return SQL(
            """business.product_id IN (
                SELECT product.id
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE template.categ_id = ANY(%s))""",
            categories.ids,
        )

    def _get_class_condition(self) -> SQL:
        if not self.class_ids:
            return SQL("TRUE")
        return SQL("member.class_id = ANY(%s)", self.class_ids.ids)

    def _get_weight_query(self, date_from, date_to, policy=DOCUMENT_DATE) -> SQL:
        """Business per member and class: columns `membership_id`, `class_id`, `weight`, with at
        most six decimals."""
        weights = SQL(
            """
            SELECT membership_id, class_id, %(weight)s AS weight
              FROM (%(business)s) business
             GROUP BY membership_id, class_id
            """,
            weight=self._get_total(date_from, date_to, policy),
            business=self._get_business_query(date_from, date_to, policy),
        )
        return self._get_limited_query(weights) if self.floor or self.cap else weights

    def _get_total(self, date_from, date_to, policy) -> SQL:
        """What the rows of a member in a class weigh together."""
        if policy == PRO_RATA:
            return SQL("ROUND(SUM(measure) * MAX(days) / (%s::date - %s::date + 1), 6)", date_to, date_from)
        return SQL("ROUND(SUM(measure), 6)") if self.weight_ids else SQL("SUM(measure)")

    def _get_limited_query(self, weights: SQL) -> SQL:
        """Floor and cap on what a member has in all classes together. What a cap takes, it takes
        from each class in proportion."""
        self.flush_recordset(["floor", "cap"])
        return SQL(
            """
            SELECT membership_id, class_id,
                   CASE WHEN basis.cap > 0 AND total > basis.cap
                        THEN ROUND(weight * basis.cap / total, 6)
                        ELSE weight END AS weight
              FROM (SELECT membership_id, class_id, weight,
                           SUM(weight) OVER (PARTITION BY membership_id) AS total
                      FROM (%(weights)s) whole) member
              JOIN kmp_patronage_basis basis ON basis.id = %(basis)s
             WHERE total >= COALESCE(basis.floor, 0)
            """,
            weights=weights,
            basis=self.id,
        )

    def _get_participation_query(self, date_from, date_to) -> SQL:
        """Value and cost of the business of members that these bases of one source read, whatever its
        weights, floors and caps, on the day of the document: `document_id`, `value`, `cost`. A line
        that several of the bases read comes once."""
        return SQL(" UNION ").join(
            SQL(
                "SELECT document_id, value, cost FROM (%s) business",
                basis._get_business_query(date_from, date_to),
            )
            for basis in self
        )
