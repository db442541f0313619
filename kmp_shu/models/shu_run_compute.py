from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from ..engine.errors import DistributionError
from ..engine.inputs import undated
from ..engine.nodes import share_nodes
from ..sql import allocation, tax
from .shu_run_weights import MEMBER_KINDS


class KmpShuRun(models.Model):
    """How a run computes: every amount is made and stays in PostgreSQL, as `numeric`.

    Query budget: an INSERT for each pool of the scheme, and a fixed number of statements besides,
    whatever the number of members. The books are read once, into a temporary table: the caps need
    the total weights, and the members their own. The lines of the scheme and their classes are a
    handful, so the plain engine divides them; the members are divided by SQL.
    """

    _inherit = "kmp.shu.run"

    def _divide(self):
        """Replace the pools and shares of the run, from one snapshot of the books."""
        self._discard_distribution()
        self._compute_surplus()
        self._create_pools()
        self._analyze_changed("kmp_membership", "kmp_membership_period")
        self._collect_weights()
        self._allocate_pools()
        self._allocate_shares()
        self._analyze(SQL("kmp_shu_share (run_id), kmp_shu_share_line (pool_id)"))
        self._compute_residuals()
        self.env.invalidate_all()
        self._check_claims()

    def _freeze(self):
        """Check the sums of what `_divide` wrote and hash it."""
        self._check_sums()
        unsealed(self).hash = self._get_frozen_hash()

    def _analyze(self, tables: SQL):
        """After many rows came at once, PostgreSQL plans blindly until it has counted: minutes for
        what takes seconds."""
        self.env.cr.execute(SQL("ANALYZE %s", tables))

    def _analyze_changed(self, *tables):
        """Count where a tenth has changed, as autovacuum would a minute later: import and computation may follow
        each other at once."""
        changed = self.env.execute_query(
            SQL(
                """
                SELECT relname FROM pg_stat_user_tables
                 WHERE schemaname = current_schema AND relname IN %s AND n_mod_since_analyze > n_live_tup / 10
                """,
                tables,
            )
        )
        if changed:
            self._analyze(SQL(", ").join(SQL.identifier(name) for (name,) in changed))

    def _discard_distribution(self):
        # Shares and their lines are the run's own and go with it, whoever may see them.
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM kmp_shu_share_line USING kmp_shu_pool pool WHERE pool.id = pool_id AND pool.run_id = %s",
                self.id,
            )
        )
        self.env.cr.execute(SQL("DELETE FROM kmp_shu_share WHERE run_id = %s", self.id))
        self.env.cr.execute(SQL("DELETE FROM kmp_shu_pool WHERE run_id = %s", self.id))
        self.env.invalidate_all()

    # Pools

    def _create_pools(self):
        """One pool per scheme line and one below it per class of a split, top to bottom."""
        lines = self.scheme_id.line_ids.sorted()
        order = {line: place for place, line in enumerate(lines, start=1)}
        pools = {}
        for level, line in self._walk(lines):
            pools[line] = self._create_pool(
                line, order[line], level, parent=pools.get(line.parent_id), percent=line.percent
            )
            for split in line._get_sorted_splits():
                self._create_pool(line, order[line], level + 1, pools[line], split.percent, split.class_id)

    def _walk(self, lines, parent=None, level=0):
        """The lines of a scheme from top to bottom, each with its depth."""
        for line in lines:
            if line.parent_id == (parent or lines.browse()):
                yield level, line
                yield from self._walk(lines, line, level + 1)

    def _create_pool(self, line, order, level, parent, percent, stakeholder_class=None):
        # sudo: nobody may write a pool by hand
        return (
            self.env["kmp.shu.pool"]
            .sudo()
            .create(
                {
                    "run_id": self.id,
                    "scheme_line_id": line.id,
                    "parent_id": parent.id if parent else False,
                    "class_id": stakeholder_class.id if stakeholder_class else False,
                    "sequence": len(self.pool_ids) + 1,
                    "line_sequence": order,
                    "level": level,
                    "code": line.code,
                    "name": stakeholder_class.name if stakeholder_class else line.name,
                    "percent": percent,
                    "amount": 0,
                    "residual": 0,
                }
            )
        )

    def _collect_weights(self):
        """Read the books into the temporary table `shu_weight`, as `_get_weight_query`."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS shu_weight"))
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE shu_weight ON COMMIT DROP AS %s", self._get_weight_query())
        )
        self._analyze(SQL("shu_weight"))

    def _allocate_pools(self):
        """Divide the surplus among the lines and their classes, in the plain engine."""
        scheme = self._get_engine_scheme()
        try:
            nodes = share_nodes(scheme, self._get_root_amounts(scheme), self._get_total_weights(scheme))
        except DistributionError as error:
            raise UserError("\n".join(map(self.scheme_id._say, error.errors))) from error
        rows = [
            SQL(
                "(%s, %s::numeric * %s)",
                pool.id,
                nodes.units[pool.code, pool.class_id.code or ""],
                scheme.unit,
            )
            for pool in self.pool_ids
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE kmp_shu_pool pool SET amount = node.amount "
                "FROM (VALUES %s) AS node (id, amount) WHERE node.id = pool.id",
                SQL(", ").join(rows),
            )
        )

    def _get_root_amounts(self, scheme):
        """The surplus, or its parts where the scheme divides them, as exact decimals by root."""
        columns = {"surplus": "surplus", "member": "surplus_member", "non_member": "surplus_non_member"}
        [values] = self.env.execute_query(
            SQL(
                "SELECT %s FROM kmp_shu_run WHERE id = %s",
                SQL(", ").join(SQL("%s::text", SQL.identifier(columns[root])) for root in scheme.roots),
                self.id,
            )
        )
        self._check_parts(dict(zip(scheme.roots, values, strict=True)))
        return {root: Decimal(text) for root, text in zip(scheme.roots, values, strict=True)}

    def _check_parts(self, parts):
        """Refuse what a scheme that divides the parts of the surplus cannot divide; texts by part."""
        if None in parts.values():
            raise UserError(
                self.env._(
                    "%(run)s cannot be computed: scheme %(scheme)s divides what was earned with members and "
                    "with others apart, and no patronage basis says what members' income is. Mark those "
                    "that do.",
                    run=self.name,
                    scheme=self.scheme_id.name,
                )
            )
        for part, amount in parts.items():
            if Decimal(amount) < 0:
                raise UserError(
                    self.env._(
                        "%(run)s cannot be computed: scheme %(scheme)s divides what was earned with members and "
                        "with others apart, and the %(part)s part is a loss of %(loss)s. Take a scheme that "
                        "divides the whole surplus, as the meeting resolves.",
                        run=self.name,
                        scheme=self.scheme_id.name,
                        part=part,
                        loss=amount.lstrip("-"),
                    )
                )

    def _get_total_weights(self, scheme):
        """The total weight of each pool that a cap has to know, by line code."""
        lines = {line.code: line for line in scheme.weighed}
        if not lines:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pool.code, SUM(weight)::text
                  FROM shu_weight JOIN kmp_shu_pool pool ON pool.id = pool_id
                 WHERE pool.code IN %s GROUP BY pool.code
                """,
                tuple(lines),
            )
        )
        found = {code: Decimal(text) for code, text in rows}
        days = (self.date_to - self.date_from).days + 1
        return {code: undated(line, found.get(code, 0), days) for code, line in lines.items()}

    def _get_unit(self) -> SQL:
        return SQL("%s::numeric", self.scheme_id.rounding_unit)

    def _allocate(self, claims: SQL) -> SQL:
        return allocation.METHODS[self.scheme_id.rounding_method](claims)

    # Shares

    def _allocate_shares(self):
        """Split the members' pools and write all shares and their lines in one statement: shares by member number,
        lines by pool and share. That is the order of the canonical form, which then has nothing left to sort, and
        near enough to that of the indexes."""
        claims = SQL(
            """
            SELECT base.pool_id AS node,
                   base.membership_id AS claimant,
                   DIV(pool.amount, %(unit)s) AS units,
                   base.weight,
                   membership.number COLLATE "C" AS tie
              FROM shu_weight base
              JOIN kmp_shu_pool pool ON pool.id = base.pool_id
              JOIN kmp_membership membership ON membership.id = base.membership_id
            """,
            unit=self._get_unit(),
        )
        self.env.cr.execute(
            SQL(
                """
                WITH allocated AS MATERIALIZED (
                    SELECT node AS pool_id, claimant AS membership_id, weight, units * %(unit)s AS amount
                      FROM (%(allocated)s) part),
                member AS (
                    SELECT membership_id,
                           COALESCE(SUM(allocated.amount) FILTER (WHERE pool.kind = 'capital'), 0) AS capital,
                           COALESCE(SUM(allocated.amount) FILTER (WHERE pool.kind = 'patronage'), 0) AS patronage
                      FROM allocated JOIN kmp_shu_pool pool ON pool.id = pool_id
                     GROUP BY membership_id),
                taxed AS (SELECT member.*, capital + patronage AS amount, %(tax)s AS tax FROM member),
                share AS (
                    INSERT INTO kmp_shu_share (run_id, company_id, membership_id, number, partner_id, class_id,
                                               capital_amount, patronage_amount, amount, tax_amount, net_amount)
                    SELECT %(run)s, %(company)s, membership.id, membership.number,
                           membership.partner_id, period.class_id,
                           taxed.capital, taxed.patronage, taxed.amount, taxed.tax, taxed.amount - taxed.tax
                      FROM taxed
                      JOIN kmp_membership membership ON membership.id = taxed.membership_id
                      JOIN (%(classes)s) period ON period.membership_id = membership.id
                     ORDER BY membership.number COLLATE "C"
                 RETURNING id, membership_id)
                INSERT INTO kmp_shu_share_line (share_id, pool_id, weight, amount)
                SELECT share.id, allocated.pool_id, allocated.weight, allocated.amount
                  FROM allocated
                  JOIN share USING (membership_id)
                 ORDER BY allocated.pool_id, share.id
                """,
                unit=self._get_unit(),
                allocated=self._allocate(claims),
                tax=tax.withheld(self.scheme_id._get_engine_tax(), self._get_unit()),
                run=self.id,
                company=self.company_id.id,
                classes=self._get_last_class_query(),
            )
        )

    def _compute_residuals(self):
        """What is left at each node, and the totals of the run."""
        self.env.cr.execute(
            SQL(
                """
                WITH child AS (
                    SELECT parent_id AS pool_id, SUM(amount) AS amount, NULL::numeric AS weight
                      FROM kmp_shu_pool WHERE run_id = %(run)s AND parent_id IS NOT NULL GROUP BY 1
                     UNION ALL
                    SELECT line.pool_id, SUM(line.amount), SUM(line.weight)
                      FROM kmp_shu_share_line line JOIN kmp_shu_pool pool ON pool.id = line.pool_id
                     WHERE pool.run_id = %(run)s GROUP BY 1)
                UPDATE kmp_shu_pool pool
                   SET residual = pool.amount - child.amount, total_weight = child.weight
                  FROM child WHERE child.pool_id = pool.id
                """,
                run=self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE kmp_shu_run run
                   SET residual = run.surplus - pools.top + pools.residual,
                       distributed = shares.amount,
                       member_count = shares.members
                  FROM (SELECT COALESCE(SUM(amount) FILTER (WHERE parent_id IS NULL), 0) AS top,
                               COALESCE(SUM(residual), 0) AS residual
                          FROM kmp_shu_pool WHERE run_id = %(run)s) pools,
                       (SELECT COALESCE(SUM(amount), 0) AS amount, COUNT(*) AS members
                          FROM kmp_shu_share WHERE run_id = %(run)s) shares
                 WHERE run.id = %(run)s
                """,
                run=self.id,
            )
        )

    def _check_claims(self):
        """Refuse a members' pool with money in it in which nobody has a weight."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pool.id, pool.code, pool.name, pool.amount::text
                  FROM kmp_shu_pool pool
                 WHERE pool.run_id = %s AND pool.amount > 0 AND pool.kind IN %s
                   AND NOT EXISTS (SELECT 1 FROM kmp_shu_pool child WHERE child.parent_id = pool.id)
                   AND NOT EXISTS (SELECT 1 FROM kmp_shu_share_line line WHERE line.pool_id = pool.id)
                 ORDER BY pool.sequence LIMIT 1
                """,
                self.id,
                MEMBER_KINDS,
            )
        )
        for pool, code, name, amount in rows:
            message = self.env._(
                "%(run)s cannot be computed: no member has a weight in pool %(code)s %(name)s of "
                "%(amount)s. Check its basis, its class and the share types that count, or "
                "send the part to the reserve.",
                run=self.name,
                code=code,
                name=name,
                amount=amount,
            )
            self._refuse_unclaimed(self.env["kmp.shu.pool"].browse(pool), message)

    def _check_sums(self):
        """Assert that reserves, funds, members' shares and residuals are the surplus, exactly."""
        [[difference]] = self.env.execute_query(
            SQL(
                """
                SELECT run.surplus - run.residual - run.distributed
                       - COALESCE((SELECT SUM(amount) FROM kmp_shu_pool pool
                                    WHERE pool.run_id = run.id
                                      AND pool.kind IN ('reserve', 'fund')), 0) != 0
                  FROM kmp_shu_run run WHERE run.id = %s
                """,
                self.id,
            )
        )
        if difference:
            raise AssertionError(f"{self.name}: the parts do not sum to the surplus")
