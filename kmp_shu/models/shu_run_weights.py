from odoo import models
from odoo.tools import SQL

from ..sql import capital
from .patronage_basis_query import EXCLUDE_LEAVERS, PRO_RATA

MEMBER_KINDS = ("capital", "patronage")
# Above so many members PostgreSQL sorts what it adds up. It would rather hash, but a table of so many exact sums does not
# fit into the processor's cache, and takes a third longer.
SORTED_ABOVE = 200_000


class KmpShuRun(models.Model):
    """What the members put in and what they traded, read from Odoo's own documents."""

    _inherit = "kmp.shu.run"

    def _plan_sums(self):
        """How PostgreSQL adds up weights, until the end of the transaction."""
        if self._has_more_members_than(SORTED_ABOVE):
            self.env.cr.execute("SET LOCAL enable_hashagg = off")

    def _get_weight_query(self, lines=None, pools=None) -> SQL:
        """What each member weighs in each pool, read from Odoo's own documents now.

        Columns `pool_id`, `membership_id`, `weight` (above zero). A base that several pools use
        is read once; a pool that is not split by class takes a member's classes together. `lines`
        and `pools` (columns `id`, `scheme_line_id`, `class_id`) are those of the run by default.
        """
        if lines is None:
            lines, pools = self.pool_ids.scheme_line_id, self._get_pool_query()
        lines = lines.filtered(lambda line: line.kind in MEMBER_KINDS)
        if not lines:
            return SQL(
                "SELECT NULL::int AS pool_id, NULL::int AS membership_id, 0::numeric AS weight WHERE FALSE"
            )
        bases = {self._get_base_key(line): line for line in lines}
        names = {key: SQL.identifier(f"base_{place}") for place, key in enumerate(bases)}
        return SQL(
            "WITH pool AS (%s), %s %s",
            pools,
            SQL(", ").join(
                SQL("%s AS MATERIALIZED (%s)", names[key], self._get_base_query(line))
                for key, line in bases.items()
            ),
            SQL(" UNION ALL ").join(
                self._get_line_weight_query(line, names[self._get_base_key(line)]) for line in lines
            ),
        )

    def _get_pool_query(self) -> SQL:
        return SQL("SELECT id, scheme_line_id, class_id FROM kmp_shu_pool WHERE run_id = %s", self.id)

    def _get_base_key(self, line):
        share_types = self._get_named_share_types(line)
        return (line.kind, line.basis_id.id, line.capital_base, tuple(sorted(share_types.ids)))

    def _get_base_query(self, line) -> SQL:
        if line.kind == "patronage":
            return line.basis_id._get_weight_query(
                self.date_from, self.date_to, self.scheme_id.membership_policy
            )
        return self._get_capital_query(line)

    def _get_capital_query(self, line) -> SQL:
        """Capital per member and class: `membership_id`, `class_id`, `weight`.

        By the scheme's membership policy it counts in the member's last class; `exclude_leavers`
        leaves out who is no member on the last day; `pro_rata` counts it in every class of the year,
        times the days in it, of the days of the year.
        """
        pro_rata = self.scheme_id.membership_policy == PRO_RATA
        tenure = self._get_days_query() if pro_rata else self._get_last_class_query(self._get_stayed())
        return SQL(
            """
            SELECT membership.id AS membership_id, tenure.class_id, %(share)s AS weight
              FROM (SELECT line.partner_id, %(weight)s AS weight
                      FROM account_move_line line
                     WHERE line.company_id = %(company)s
                       AND line.parent_state = 'posted'
                       AND line.date <= %(date_to)s
                       AND line.account_id = ANY(%(accounts)s)
                     GROUP BY line.partner_id) capital
              JOIN kmp_membership membership
                ON membership.partner_id = capital.partner_id
               AND membership.company_id = %(company)s
              JOIN (%(tenure)s) tenure ON tenure.membership_id = membership.id
            """,
            share=self._get_pro_rata_share() if pro_rata else SQL("capital.weight"),
            weight=capital.BASES[line.capital_base](self.date_from, self.date_to),
            company=self.company_id.id,
            date_to=self.date_to,
            accounts=self._get_share_accounts(line).ids,
            tenure=tenure,
        )

    def _get_pro_rata_share(self) -> SQL:
        return SQL(
            "ROUND(capital.weight * tenure.days / (%s::date - %s::date + 1), 6)", self.date_to, self.date_from
        )

    def _get_share_accounts(self, line):
        """The accounts of the share types that the line names, or of those that count for the base. By id, because
        PostgreSQL knows how many items an account has that it is told."""
        share_types = self._get_named_share_types(line)
        counting = [("company_id", "=", self.company_id.id), ("counts_for_capital_base", "=", True)]
        return (share_types or share_types.search(counting)).account_id

    def _get_named_share_types(self, line):
        """Archived ones, too: their capital is still there."""
        # sudo: what counts does not depend on who may see it
        return line.with_context(active_test=False).sudo().share_type_ids

    def _get_days_query(self) -> SQL:
        """Days of the year in each class: `membership_id`, `class_id`, `days`."""
        return SQL(
            """
            SELECT membership_id, class_id,
                   SUM(LEAST(COALESCE(date_to, 'infinity'), %(date_to)s)
                       - GREATEST(date_from, %(date_from)s) + 1) AS days
              FROM kmp_membership_period
             WHERE company_id = %(company)s AND date_from <= %(date_to)s
               AND (date_to IS NULL OR date_to >= %(date_from)s)
             GROUP BY membership_id, class_id
            """,
            company=self.company_id.id,
            date_from=self.date_from,
            date_to=self.date_to,
        )

    def _get_stayed(self) -> SQL:
        """Whether a member's last period lasts to the end of the year, where the policy asks for it."""
        if self.scheme_id.membership_policy != EXCLUDE_LEAVERS:
            return SQL("TRUE")
        return SQL("(date_to IS NULL OR date_to >= %s)", self.date_to)

    def _get_last_class_query(self, condition=None) -> SQL:
        """The last class of each member up to the end of the year, where `condition` holds for it:
        `membership_id`, `class_id`."""
        return SQL(
            """
            SELECT membership_id, class_id
              FROM (SELECT DISTINCT ON (membership_id) membership_id, class_id, date_to
                      FROM kmp_membership_period
                     WHERE company_id = %s AND date_from <= %s
                     ORDER BY membership_id, date_from DESC) last
             WHERE %s
            """,
            self.company_id.id,
            self.date_to,
            condition or SQL("TRUE"),
        )

    def _get_line_weight_query(self, line, base) -> SQL:
        """A base has one row per member and class, so only a pool of all classes has to sum; and not of capital that counts in
        one class."""
        if line.split_ids or (line.kind == "capital" and self.scheme_id.membership_policy != PRO_RATA):
            return SQL(
                """
                SELECT pool.id AS pool_id, base.membership_id, base.weight
                  FROM %s base
                  JOIN pool ON pool.scheme_line_id = %s AND %s
                 WHERE base.weight > 0
                """,
                base,
                line.id,
                SQL("pool.class_id = base.class_id" if line.split_ids else "pool.class_id IS NULL"),
            )
        return SQL(
            """
            SELECT pool.id AS pool_id, base.membership_id, SUM(base.weight) AS weight
              FROM %s base
              JOIN pool ON pool.scheme_line_id = %s AND pool.class_id IS NULL
             GROUP BY pool.id, base.membership_id
            HAVING SUM(base.weight) > 0
            """,
            base,
            line.id,
        )
