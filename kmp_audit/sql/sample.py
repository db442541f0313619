"""Drawing a sample inside PostgreSQL; ``engine/sample.py`` is the twin and says how it is drawn."""

from odoo.tools import SQL

from ..engine.sample import HUNDREDTHS, LF, RANDOM
from .ledger import period

POPULATION = SQL.identifier("kmp_audit_population")


def keep(sample):
    """Yields the statements that keep what there is to draw from until the transaction ends: it is read once and asked twice."""
    yield SQL("DROP TABLE IF EXISTS %s", POPULATION)
    yield SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", POPULATION, population(sample))


def population(sample) -> SQL:
    """Every posted entry of the year: `move_id`, `stratum`, `ticket`, `value`, `units`, `is_key`."""
    return SQL(
        """
        SELECT entry.*, %(units)s AS units, COALESCE(%(units)s >= %(limit)s, FALSE) AS is_key
          FROM (SELECT move.id AS move_id, %(stratum)s AS stratum, sums.value,
                       SHA256(CONVERT_TO(CONCAT_WS(%(lf)s, %(seed)s, journal.code, move.name), 'UTF8')) AS ticket
                  FROM (SELECT item.move_id, SUM(item.debit) AS value
                          FROM account_move_line item WHERE %(period)s GROUP BY item.move_id) sums
                  JOIN account_move move ON move.id = sums.move_id
                  JOIN account_journal journal ON journal.id = move.journal_id) entry
        """,
        units=SQL("TRUNC(value * %s)", HUNDREDTHS),
        limit=SQL(
            "(SELECT TRUNC(NULLIF(key_value, 0) * %s) FROM kmp_audit_sample WHERE id = %s)",
            HUNDREDTHS,
            sample.id,
        ),
        stratum=SQL("journal.code") if sample.is_by_journal else SQL("''"),
        lf=LF,
        seed=sample.seed,
        period=period(sample.audit_id),
    )


def strata() -> SQL:
    """(stratum, units without key items, entries, value; amounts as text) of what there is to draw from."""
    return SQL(
        """SELECT stratum, COALESCE(SUM(units) FILTER (WHERE NOT is_key), 0)::text, COUNT(*), SUM(value)::text
             FROM %s entry GROUP BY stratum ORDER BY stratum COLLATE "C" """,
        POPULATION,
    )


def insert(sample, offsets) -> SQL:
    """Write the lines of a sample. `offsets` are rows (stratum, units, offset), see `engine.sample.offset`."""
    return SQL(
        """
        INSERT INTO kmp_audit_sample_line (sample_id, company_id, sequence, stratum, move_id, hits, value, is_key, result,
                                           create_uid, create_date, write_uid, write_date)
        SELECT %(sample)s, %(company)s, ROW_NUMBER() OVER (ORDER BY stratum COLLATE "C", is_key DESC, ticket), stratum, move_id, hits,
               value, is_key, 'open', %(user)s, NOW() AT TIME ZONE 'UTC', %(user)s, NOW() AT TIME ZONE 'UTC'
          FROM (SELECT move_id, stratum, ticket, value, is_key, CASE WHEN is_key THEN 0 ELSE %(hits)s END AS hits
                  FROM (SELECT entry.*,
                               ROW_NUMBER() OVER rest AS place,
                               SUM(units) OVER rest AS after
                          FROM %(population)s entry
                        WINDOW rest AS (PARTITION BY stratum, is_key ORDER BY ticket)) entry
                  JOIN (VALUES %(offsets)s) stratum_of (stratum, total, start) USING (stratum)) entry
         WHERE is_key OR hits > 0
        """,
        sample=sample.id,
        company=sample.company_id.id,
        user=sample.env.uid,
        population=POPULATION,
        hits=_hits(sample),
        offsets=SQL(", ").join(
            SQL("(%s, %s::numeric, %s::numeric)", stratum, units, str(start))
            for stratum, units, start in offsets
        ),
    )


def _hits(sample) -> SQL:
    if sample.method == RANDOM:
        return SQL("CASE WHEN place <= %s THEN 1 ELSE 0 END", sample.size)
    return SQL(
        "CASE WHEN total = 0 THEN 0 ELSE %s - %s END",
        _points_below(sample, SQL("after")),
        _points_below(sample, SQL("(after - units)")),
    )


def _points_below(sample, unit: SQL) -> SQL:
    return SQL("DIV(%s * %s - start + total - 1, NULLIF(total, 0))", sample.size, unit)
