"""The files of an audit bundle as queries for `canonical.copy_out`; `engine/bundle.py` says what
stands in them and is their twin where they can be recomputed. Every column is text.
"""

from odoo.tools import SQL

from .canonical import number


def pools(run) -> SQL:
    """The root and every node below it, from top to bottom."""
    return SQL(
        """
        SELECT 'surplus', '', %(surplus)s, %(rest)s, ''
          FROM kmp_shu_run run WHERE run.id = %(run)s
         UNION ALL
        (SELECT pool.code, COALESCE(class.code, ''), %(amount)s, %(residual)s, COALESCE(%(weight)s, '')
          FROM kmp_shu_pool pool
     LEFT JOIN kmp_stakeholder_class class ON class.id = pool.class_id
         WHERE pool.run_id = %(run)s
         ORDER BY pool.line_sequence, class.code COLLATE "C" NULLS FIRST)
        """,
        run=run.id,
        surplus=number(SQL("run.surplus")),
        rest=number(SQL("run.residual")),
        amount=number(SQL("pool.amount")),
        residual=number(SQL("COALESCE(pool.residual, 0)")),
        weight=number(SQL("pool.total_weight")),
    )


def shares(run, lines) -> SQL:
    """Every member: an amount per code of `lines`, then total, tax and net."""
    return SQL(
        """
        SELECT share.number, %(amounts)s, %(total)s, %(tax)s, %(net)s
          FROM kmp_shu_share share
          JOIN kmp_shu_share_line line ON line.share_id = share.id
          JOIN kmp_shu_pool pool ON pool.id = line.pool_id
         WHERE share.run_id = %(run)s
         GROUP BY share.id
         ORDER BY share.number COLLATE "C"
        """,
        amounts=SQL(", ").join(
            number(SQL("COALESCE(SUM(line.amount) FILTER (WHERE pool.code = %s), 0)", code)) for code in lines
        ),
        total=number(SQL("share.amount")),
        tax=number(SQL("share.tax_amount")),
        net=number(SQL("share.net_amount")),
        run=run.id,
    )


def members(run) -> SQL:
    """Number, class and name of everybody who has a share."""
    return SQL(
        """
        SELECT share.number, class.code, partner.name
          FROM kmp_shu_share share
          JOIN res_partner partner ON partner.id = share.partner_id
     LEFT JOIN kmp_stakeholder_class class ON class.id = share.class_id
         WHERE share.run_id = %s
         ORDER BY share.number COLLATE "C"
        """,
        run.id,
    )


def entry(run, moves) -> SQL:
    """The items of `moves`: entry, account, its name, label, member number, debit, credit."""
    return SQL(
        """
        SELECT line.move_name, account.code_store ->> %(root)s, account.name ->> 'en_US', line.name,
               COALESCE(membership.number, ''), %(debit)s, %(credit)s
          FROM account_move_line line
          JOIN account_account account ON account.id = line.account_id
     LEFT JOIN kmp_membership membership
            ON membership.partner_id = line.partner_id AND membership.company_id = line.company_id
         WHERE line.move_id = ANY(%(moves)s)
         ORDER BY line.move_id, line.id
        """,
        root=str(run.company_id.root_id.id),
        debit=number(SQL("line.debit")),
        credit=number(SQL("line.credit")),
        moves=moves.ids,
    )
