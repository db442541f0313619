"""Many rows at once, by copying one: for benchmarks only, where building the data must not take longer than measuring."""

from contextlib import contextmanager

from odoo.tools import SQL


def clone(env, record, count, **columns):
    """Insert ``count`` copies of a record's row, under ids that follow each other.

    Columns that an addon adds later are copied with the rest.

    :param columns: column name -> SQL expression in which ``i`` runs from 1 to ``count`` and ``new_id`` is the id of the copy
    :return: the id before the first of them: the copy ``i`` has that id plus ``i``
    """
    env.flush_all()
    table = SQL.identifier(record._table)
    sequence = f"{record._table}_id_seq"
    last = env.execute_query(SQL("SELECT nextval(%s)", sequence))[0][0]
    columns["id"] = SQL("new_id")
    names = _column_names(env, record._table)
    env.cr.execute(
        SQL(
            """INSERT INTO %(table)s (%(names)s) SELECT %(values)s
                 FROM (SELECT %(last)s + i AS new_id, i FROM generate_series(1, %(count)s) AS i) copy, %(table)s t WHERE t.id = %(id)s""",
            table=table,
            names=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(columns.get(name, SQL.identifier("t", name)) for name in names),
            last=last,
            count=count,
            id=record.id,
        )
    )
    env.cr.execute(SQL("SELECT setval(%s, %s)", sequence, last + count))
    env.invalidate_all()
    return last


def _column_names(env, table):
    rows = env.execute_query(
        SQL(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = current_schema",
            table,
        )
    )
    return [name for (name,) in rows]


@contextmanager
def without_indexes(env, table):
    """Build a large table first and its indexes afterwards; foreign keys come back unchecked."""
    env.flush_all()
    foreign_keys = env.execute_query(
        SQL(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            table,
        )
    )
    indexes = env.execute_query(
        SQL(
            """SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE i.indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid)""",
            table,
        )
    )
    for name, _definition in foreign_keys:
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name)))
    for name, _definition in indexes:
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    for _name, definition in indexes:
        env.cr.execute(SQL(definition.replace("%", "%%")))
    for name, definition in foreign_keys:
        env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL(definition),
            )
        )
    env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
