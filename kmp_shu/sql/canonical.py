"""The canonical bytes of a run, streamed out of PostgreSQL; `engine/canonical.py` is the twin
and docs/architecture.md the definition."""

import hashlib

from odoo.tools import SQL


def number(expression: SQL) -> SQL:
    """A numeric as text without trailing zeros."""
    return SQL("TRIM_SCALE(%s)::text", expression)


def weights(run, rows: SQL) -> SQL:
    """The weight records of `rows` (columns `pool_id`, `number` of the member, `weight`) in order.

    The few pools are put in order first: one number to sort by instead of two takes half the time.
    """
    return SQL(
        """
        SELECT 'weight', pool.code, pool.class_code, base.number, %(weight)s
          FROM (%(rows)s) base
          JOIN (SELECT pool.id, pool.code, COALESCE(class.code, '') AS class_code,
                       ROW_NUMBER() OVER (ORDER BY pool.line_sequence, class.code COLLATE "C" NULLS FIRST) AS place
                  FROM kmp_shu_pool pool
             LEFT JOIN kmp_stakeholder_class class ON class.id = pool.class_id
                 WHERE pool.run_id = %(run)s) pool ON pool.id = base.pool_id
         ORDER BY pool.place, base.number COLLATE "C"
        """,
        weight=number(SQL("base.weight")),
        rows=rows,
        run=run.id,
    )


def copy_out(cr, query: SQL, sink):
    """Write the rows of `query` to `sink.write(bytes)`, a TAB between fields and LF after rows."""
    rendered = cr.mogrify(query.code, query.params).decode()
    cr.copy_expert(f"COPY ({rendered}) TO STDOUT", sink)


class Digest:
    """A sink that keeps nothing but the SHA-256 of what it was given."""

    def __init__(self):
        self._sha256 = hashlib.sha256()

    def write(self, chunk: bytes):  # pylint: disable=method-required-super
        self._sha256.update(chunk)
        return len(chunk)

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()
