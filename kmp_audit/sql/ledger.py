"""The ledger of a year and its control totals as queries; ``engine/ledger.py`` says what the columns are."""

from odoo.tools import SQL


def copy_csv(cr, query: SQL, sink):
    """Write the rows of `query` to `sink.write(bytes)` as CSV, in memory that does not grow with them."""
    rendered = cr.mogrify(query.code, query.params).decode()
    cr.copy_expert(f"COPY ({rendered}) TO STDOUT WITH (FORMAT csv)", sink)


def safe(text: SQL) -> SQL:
    """A text in one line, with an apostrophe before what a spreadsheet would take for a formula."""
    return SQL(
        r"""REGEXP_REPLACE(REGEXP_REPLACE(COALESCE(%s, ''), '[\r\n]+', ' ', 'g'), '^([=+@\t''-])', '''\1')""",
        text,
    )


def period(audit) -> SQL:
    """The posted items of the year, over the alias `item`."""
    return SQL(
        "item.company_id = %s AND item.parent_state = 'posted' AND item.date BETWEEN %s AND %s",
        audit.company_id.id,
        audit.date_from,
        audit.date_to,
    )


def items(audit) -> SQL:
    """Every posted item of the year, in the order of date and entry."""
    return SQL(
        """
        SELECT %(journal)s, %(entry)s, item.date, account.code, account.name, %(partner)s, %(member)s, %(label)s, %(reference)s,
               TRIM_SCALE(item.debit), TRIM_SCALE(item.credit)
          FROM account_move_line item
          JOIN account_move move ON move.id = item.move_id
          JOIN account_journal journal ON journal.id = item.journal_id
          JOIN (%(accounts)s) account ON account.id = item.account_id
     LEFT JOIN res_partner partner ON partner.id = item.partner_id
     LEFT JOIN kmp_membership member
            ON member.partner_id = partner.commercial_partner_id AND member.company_id = item.company_id
         WHERE %(period)s
         ORDER BY item.date, item.move_id, item.id
        """,
        journal=safe(SQL("journal.code")),
        entry=safe(SQL("move.name")),
        partner=safe(SQL("partner.name")),
        member=safe(SQL("member.number")),
        label=safe(SQL("item.name")),
        reference=safe(SQL("move.ref")),
        accounts=_accounts(audit),
        period=period(audit),
    )


def totals(audit) -> SQL:
    """A row per account that ever had an item, by code; the results of earlier years have one of their own."""
    return SQL(
        """
        SELECT account.code, account.name, %(sums)s
          FROM (SELECT account_id,
                       CASE WHEN is_result THEN 0 ELSE opening END AS opening, debit, credit, items
                  FROM (%(balances)s) balance) balance
          JOIN (%(accounts)s) account ON account.id = balance.account_id
         WHERE items > 0 OR opening <> 0
         UNION ALL
        SELECT '', %(earlier)s, TRIM_SCALE(opening), 0, 0, TRIM_SCALE(opening), 0
          FROM (SELECT SUM(opening) AS opening FROM (%(balances)s) balance WHERE is_result) earlier
         WHERE opening <> 0
         ORDER BY 1
        """,
        sums=SQL(
            """TRIM_SCALE(opening), TRIM_SCALE(debit), TRIM_SCALE(credit), TRIM_SCALE(opening + debit - credit), items"""
        ),
        balances=balances(audit),
        accounts=_accounts(audit),
        earlier=audit.env._("Results of earlier years"),
    )


def balances(audit) -> SQL:
    """(account_id, is_result, opening, debit, credit, items): what is before the year, and what is in it."""
    return SQL(
        """
        SELECT item.account_id, account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%' AS is_result,
               COALESCE(SUM(item.balance) FILTER (WHERE item.date < %(date_from)s), 0) AS opening,
               COALESCE(SUM(item.debit) FILTER (WHERE item.date >= %(date_from)s), 0) AS debit,
               COALESCE(SUM(item.credit) FILTER (WHERE item.date >= %(date_from)s), 0) AS credit,
               COUNT(*) FILTER (WHERE item.date >= %(date_from)s) AS items
          FROM account_move_line item
          JOIN account_account account ON account.id = item.account_id
         WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date <= %(date_to)s
         GROUP BY item.account_id, is_result
        """,
        company=audit.company_id.id,
        date_from=audit.date_from,
        date_to=audit.date_to,
    )


def _accounts(audit) -> SQL:
    """(id, code, name) as the company has them, the names in the reader's language."""
    return SQL(
        """SELECT id, %(code)s AS code, %(name)s AS name FROM account_account""",
        code=safe(SQL("code_store ->> %s", str(audit.company_id.root_id.id))),
        name=safe(SQL("COALESCE(name ->> %s, name ->> 'en_US')", audit.env.lang or "en_US")),
    )
