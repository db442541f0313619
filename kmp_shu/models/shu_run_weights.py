from odoo import models
from odoo.tools import SQL

from ..sql import capital

MEMBER_KINDS = ("capital", "patronage")


class KmpShuRun(models.Model):
    """What the members put in and what they traded, read from Odoo's own documents."""

    _inherit = "kmp.shu.run"

    def _get_weight_query(self) -> SQL:
        """What each member weighs in each pool, read from Odoo's own documents now.

        Columns `pool_id`, `membership_id`, `weight` (above zero). A base that several pools use
        is read once; a pool that is not split by class takes a member's classes together.
        """
        lines = self.pool_ids.scheme_line_id.filtered(lambda line: line.kind in MEMBER_KINDS)
        if not lines:
            return SQL(
                "SELECT NULL::int AS pool_id, NULL::int AS membership_id, 0::numeric AS weight WHERE FALSE"
            )
        bases = {self._get_base_key(line): line for line in lines}
        names = {key: SQL.identifier(f"base_{place}") for place, key in enumerate(bases)}
        return SQL(
            "WITH %s %s",
            SQL(", ").join(
                SQL("%s AS MATERIALIZED (%s)", names[key], self._get_base_query(line))
                for key, line in bases.items()
            ),
            SQL(" UNION ALL ").join(
                self._get_line_weight_query(line, names[self._get_base_key(line)]) for line in lines
            ),
        )

    def _get_base_key(self, line):
        return (line.kind, line.basis_id.id, line.capital_base)

    def _get_base_query(self, line) -> SQL:
        if line.kind == "patronage":
            return line.basis_id._get_weight_query(
                self.date_from, self.date_to, self.scheme_id.membership_policy
            )
        return self._get_capital_query(line.capital_base)

    def _get_capital_query(self, base) -> SQL:
        """Capital per member in the member's last class: `membership_id`, `class_id`, `weight`."""
        return SQL(
            """
            SELECT membership.id AS membership_id, period.class_id, capital.weight
              FROM (SELECT line.partner_id, %(weight)s AS weight
                      FROM account_move_line line
                     WHERE line.company_id = %(company)s
                       AND line.parent_state = 'posted'
                       AND line.date <= %(date_to)s
                       AND line.account_id IN (
                           SELECT account_id FROM kmp_share_type
                            WHERE company_id = %(company)s AND counts_for_capital_base)
                     GROUP BY line.partner_id) capital
              JOIN kmp_membership membership
                ON membership.partner_id = capital.partner_id
               AND membership.company_id = %(company)s
              JOIN (%(classes)s) period ON period.membership_id = membership.id
            """,
            weight=capital.BASES[base](self.date_from, self.date_to),
            company=self.company_id.id,
            date_to=self.date_to,
            classes=self._get_last_class_query(),
        )

    def _get_last_class_query(self) -> SQL:
        """The last class of each member up to the end of the year: `membership_id`, `class_id`."""
        return SQL(
            """
            SELECT DISTINCT ON (membership_id) membership_id, class_id
              FROM kmp_membership_period
             WHERE company_id = %s AND date_from <= %s
             ORDER BY membership_id, date_from DESC
            """,
            self.company_id.id,
            self.date_to,
        )

    def _get_line_weight_query(self, line, base) -> SQL:
        class_match = SQL("AND pool.class_id = base.class_id") if line.split_ids else SQL()
        return SQL(
            """
            SELECT pool.id AS pool_id, base.membership_id, SUM(base.weight) AS weight
              FROM %(base)s base
              JOIN kmp_shu_pool pool
                ON pool.run_id = %(run)s AND pool.scheme_line_id = %(line)s
               AND (pool.class_id IS NOT NULL) = %(is_split)s
                   %(class_match)s
             GROUP BY pool.id, base.membership_id
            HAVING SUM(base.weight) > 0
            """,
            base=base,
            run=self.id,
            line=line.id,
            is_split=bool(line.split_ids),
            class_match=class_match,
        )
