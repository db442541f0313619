"""The result of a posted run, exact: amounts leave PostgreSQL as text and stay whole rupiah."""

from odoo.tools import SQL

SHOWN = {"KON": 4, "PRO": 2, "KRJ": 2, "INV": 2}


def totals(run):
    """``{"surplus", "distributed", "residual"}``"""
    names = ("surplus", "distributed", "residual")
    [row] = run.env.execute_query(
        SQL("SELECT surplus::text, distributed::text, residual::text FROM kmp_shu_run WHERE id = %s", run.id)
    )
    return dict(zip(names, row, strict=True))


def pools(run):
    """Level, code, name, percent and amount of every node, from top to bottom."""
    return run.env.execute_query(
        SQL(
            """
            SELECT level, CASE WHEN class_id IS NULL THEN code ELSE '' END, name,
                   TRIM_SCALE(percent)::text, amount::text
              FROM kmp_shu_pool WHERE run_id = %s ORDER BY sequence
            """,
            run.id,
        )
    )


def shares(run):
    """``{member number: amount}``"""
    return dict(
        run.env.execute_query(SQL("SELECT number, amount::text FROM kmp_shu_share WHERE run_id = %s", run.id))
    )


def examples(run):
    """Number, name, jasa modal, jasa usaha and total of a few members of each class."""
    rows = run.env.execute_query(
        SQL(
            """
            SELECT share.number, partner.name, share.capital_amount::text,
                   share.patronage_amount::text, share.amount::text, class.code,
                   ROW_NUMBER() OVER (PARTITION BY class.id ORDER BY share.amount DESC, share.number)
              FROM kmp_shu_share share
              JOIN res_partner partner ON partner.id = share.partner_id
              JOIN kmp_stakeholder_class class ON class.id = share.class_id
             WHERE share.run_id = %s
             ORDER BY class.sequence, share.amount DESC, share.number
            """,
            run.id,
        )
    )
    return [row[:5] for row in rows if row[6] <= SHOWN[row[5]]]
