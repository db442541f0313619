from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.errors import DistributionError
from ..engine.inputs import undated
from ..engine.nodes import share_nodes
from ..engine.scheme import PARTS
from ..sql import allocation

QUANTILES = 10


class ShuSimulation(models.TransientModel):
    """How a comparison computes: by the queries and the engine of a distribution, set-based.

    Query budget: a temporary table of weights and one INSERT of shares per scheme, two statements
    for classes and quantiles, and one for the surplus.
    """

    _inherit = "kmp.shu.simulation"

    def _compute_line_vals(self):
        self.env.flush_all()
        surplus = self.company_id._get_surplus_parts(self.date_from, self.date_to)
        self._check_surplus(surplus)
        self.env.cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS shu_simulated;
                CREATE TEMPORARY TABLE shu_simulated
                    (scheme_id integer, membership_id integer, amount numeric) ON COMMIT DROP
                """
            )
        )
        vals_list, labels = [], {}
        for scheme in self._get_schemes():
            vals_list += self._simulate(scheme, surplus, labels)
        return vals_list + self._read_class_vals() + self._read_quantile_vals()

    def _check_surplus(self, surplus):
        if surplus["total"].amount <= 0:
            raise UserError(
                self.env._(
                    "There is no surplus from %(date_from)s to %(date_to)s to compare schemes by.",
                    date_from=self.date_from,
                    date_to=self.date_to,
                )
            )
        self.surplus = surplus["total"].amount

    def _simulate(self, scheme, surplus, labels):
        """Divide the year by one scheme: the members' shares go to the table, the lines come back."""
        run = self.env["kmp.shu.run"].new(
            {
                "scheme_id": scheme.id,
                "company_id": self.company_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
            }
        )
        pools = self._number_pools(scheme)
        self._collect_weights(run, scheme, pools)
        nodes = self._share_nodes(scheme, surplus, pools)
        self._check_claims(scheme, nodes, pools)
        self._allocate(scheme, nodes, pools)
        return self._prepare_line_vals(scheme, nodes, labels)

    def _number_pools(self, scheme):
        """{(line, class): a number}: nodes of the members, as a run has them in its pools."""
        nodes = [
            (line, split)
            for line in scheme.line_ids.sorted()
            if line.kind in ("capital", "patronage")
            for split in line._get_sorted_splits().class_id or [line.split_ids.class_id]
        ]
        return {node: number for number, node in enumerate(nodes, start=1)}

    def _collect_weights(self, run, scheme, pools):
        rows = [
            SQL("(%s, %s, %s::int)", number, line.id, stakeholder_class.id or None)
            for (line, stakeholder_class), number in pools.items()
        ] or [SQL("(0, 0, NULL::int)")]
        query = SQL("SELECT * FROM (VALUES %s) AS pool (id, scheme_line_id, class_id)", SQL(", ").join(rows))
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS shu_weight"))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE shu_weight ON COMMIT DROP AS %s",
                run._get_weight_query(scheme.line_ids, query),
            )
        )
        self.env.cr.execute(SQL("ANALYZE shu_weight"))

    def _share_nodes(self, scheme, surplus, pools):
        rules = scheme._get_engine_scheme(unmet=() if self.conditions_met else scheme.line_ids)
        if rules.roots == PARTS and not set(PARTS).issubset(surplus):
            raise UserError(
                self.env._(
                    "%(scheme)s divides what was earned with members and with others apart, and no patronage "
                    "basis says what members' income is. Mark those that do.",
                    scheme=scheme.name,
                )
            )
        names = {"surplus": "total"}
        amounts = {root: surplus[names.get(root, root)].amount for root in rules.roots}
        try:
            return share_nodes(rules, amounts, self._get_total_weights(rules, pools))
        except DistributionError as error:
            raise UserError("\n".join(map(scheme._say, error.errors))) from error

    def _get_total_weights(self, rules, pools):
        rows = self.env.execute_query(
            SQL("SELECT pool_id, SUM(weight)::text FROM shu_weight GROUP BY pool_id")
        )
        found = {number: Decimal(text) for number, text in rows}
        days = (self.date_to - self.date_from).days + 1
        return {
            line.code: undated(
                line,
                sum(
                    (
                        found.get(number, Decimal(0))
                        for (own, _class), number in pools.items()
                        if own.code == line.code
                    )
                ),
                days,
            )
            for line in rules.weighed
        }

    def _get_units(self, nodes, pools):
        return {
            number: nodes.units[line.code, stakeholder_class.code or ""]
            for (line, stakeholder_class), number in pools.items()
        }

    def _check_claims(self, scheme, nodes, pools):
        claimed = {row[0] for row in self.env.execute_query(SQL("SELECT DISTINCT pool_id FROM shu_weight"))}
        for (line, stakeholder_class), number in pools.items():
            if nodes.units[line.code, stakeholder_class.code or ""] and number not in claimed:
                raise UserError(
                    self.env._(
                        "%(scheme)s: no member has a weight in %(line)s %(class_name)s. Check its basis, its "
                        "class and the share types that count.",
                        scheme=scheme.name,
                        line=line.display_name,
                        class_name=stakeholder_class.name or "",
                    )
                )

    def _allocate(self, scheme, nodes, pools):
        units = self._get_units(nodes, pools)
        if not units:
            return
        claims = SQL(
            """
            SELECT base.pool_id AS node, base.membership_id AS claimant, pool.units, base.weight,
                   membership.number COLLATE "C" AS tie
              FROM shu_weight base
              JOIN (VALUES %s) AS pool (id, units) ON pool.id = base.pool_id
              JOIN kmp_membership membership ON membership.id = base.membership_id
            """,
            SQL(", ").join(SQL("(%s, %s::numeric)", number, amount) for number, amount in units.items()),
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO shu_simulated
                SELECT %s, claimant, SUM(units) * %s::numeric FROM (%s) part GROUP BY claimant
                """,
                scheme.id,
                scheme.rounding_unit,
                allocation.METHODS[scheme.rounding_method](claims),
            )
        )

    def _prepare_line_vals(self, scheme, nodes, labels):
        """Lines of the same code are the same row, under the name that they have first."""
        unit, vals_list = Decimal(scheme.rounding_unit), []
        for line in scheme.line_ids.sorted():
            place, label = labels.setdefault(line.code, (len(labels), f"{line.code} {line.name}"))
            amount = nodes.units[line.code, ""] * unit
            vals_list.append(self._prepare_vals(scheme.id, "line", place, label, amount))
        return vals_list

    def _prepare_vals(self, scheme_id, section, sequence, label, amount, count=0):
        return {
            "simulation_id": self.id,
            "scheme_id": scheme_id,
            "section": section,
            "sequence": sequence,
            "label": label,
            "amount": amount,
            "count": count,
        }

    def _read_class_vals(self):
        """By the last class of each member in the year."""
        run = self.env["kmp.shu.run"].new({"company_id": self.company_id.id, "date_to": self.date_to})
        rows = self.env.execute_query(
            SQL(
                """
                SELECT scheme_id, class.id, SUM(amount)::text, COUNT(*)
                  FROM shu_simulated
                  JOIN (%s) period USING (membership_id)
                  JOIN kmp_stakeholder_class class ON class.id = period.class_id
                 GROUP BY scheme_id, class.id
                """,
                run._get_last_class_query(),
            )
        )
        classes = self.env["kmp.stakeholder.class"].browse({row[1] for row in rows}).sorted("code")
        places = {stakeholder_class.id: place for place, stakeholder_class in enumerate(classes)}
        names = {stakeholder_class.id: stakeholder_class.name for stakeholder_class in classes}
        return [
            self._prepare_vals(scheme, "class", places[found], names[found], Decimal(amount))
            for scheme, found, amount, _count in rows
        ]

    def _read_quantile_vals(self):
        """Tenths of all members who get anything, from the smallest to the largest share by the first
        scheme: the same members in every column."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH member AS (
                    SELECT DISTINCT membership_id FROM shu_simulated),
                ranked AS (
                    SELECT member.membership_id,
                           NTILE(%(quantiles)s) OVER (
                               ORDER BY COALESCE(first.amount, 0), membership.number COLLATE "C") AS quantile
                      FROM member
                      JOIN kmp_membership membership ON membership.id = member.membership_id
                 LEFT JOIN shu_simulated first
                        ON first.membership_id = member.membership_id AND first.scheme_id = %(first)s)
                SELECT scheme.id, ranked.quantile, COALESCE(SUM(share.amount), 0)::text, COUNT(*)
                  FROM ranked
            CROSS JOIN UNNEST(%(schemes)s) AS scheme (id)
             LEFT JOIN shu_simulated share
                    ON share.membership_id = ranked.membership_id AND share.scheme_id = scheme.id
                 GROUP BY scheme.id, ranked.quantile
                 ORDER BY scheme.id, ranked.quantile
                """,
                quantiles=QUANTILES,
                first=self.scheme_id.id,
                schemes=self._get_schemes().ids,
            )
        )
        return [
            self._prepare_vals(
                scheme, "quantile", place, self._get_quantile_label(place), Decimal(amount), count
            )
            for scheme, place, amount, count in rows
        ]

    def _get_quantile_label(self, place):
        if place == 1:
            return self.env._("Smallest 10%")
        if place == QUANTILES:
            return self.env._("Largest 10%")
        return f"{(place - 1) * 100 // QUANTILES}–{place * 100 // QUANTILES}%"
