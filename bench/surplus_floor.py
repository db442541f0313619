"""The floor of a distribution: the bare SQL that reads the same rows once, sums them, divides and writes as many rows.

The rows are those that decide: the items with their entries (invoices are another source), or the imported lines; contacts, for their
commercial partner; members, and their class on the day of the item. It knows the scheme of ``surplus_year`` by heart, keeps no hash,
checks nothing and writes into tables like those of the shares, with their indexes; those have no foreign keys either.
"""

from odoo.tools import SQL

from .surplus_year import IMPORTED, INCOME, INCOME_TAX, YEAR

CAPITAL_PERCENT, CLASS_PERCENT = 20, 7.5
TABLES = {"bench_share": "kmp_shu_share", "bench_share_line": "kmp_shu_share_line"}


def distribute(lab, year):
    """Divide the year's surplus; rows written."""
    for table, like in TABLES.items():
        lab.cr.execute(
            SQL(
                "CREATE TABLE IF NOT EXISTS %s (LIKE %s INCLUDING DEFAULTS INCLUDING INDEXES)",
                SQL.identifier(table),
                SQL.identifier(like),
            )
        )
    lab.cr.execute(SQL("TRUNCATE bench_share, bench_share_line"))
    lab.commit()
    read(lab, year)
    lab.cr.execute(write(year))
    written = lab.cr.rowcount
    lab.commit()
    return written


def read(lab, year):
    """One row per member: what they traded and paid in, and the surplus beside it."""
    lab.cr.execute(SQL("CREATE TEMPORARY TABLE bench_weight ON COMMIT DROP AS %s", weights(year)))
    lab.cr.execute("ANALYZE bench_weight")


def weights(year):
    if year.source == IMPORTED:
        business = SQL(
            """
            SELECT member.id, SUM(value) AS business
              FROM kmp_patronage_entry entry
              JOIN (%s) member ON member.id = entry.membership_id AND entry.date BETWEEN date_from AND date_to
             WHERE entry.date BETWEEN %s AND %s
             GROUP BY member.id
            """,
            members(year),
            YEAR["date_from"],
            YEAR["date_to"],
        )
        imported = SQL("LEFT JOIN (%s) imported USING (id)", business)
    else:
        imported = SQL()
    return SQL(
        """
        SELECT id, membership.partner_id, membership.number, ledger.class_id, capital, %(business)s AS business
          FROM (%(ledger)s) ledger JOIN kmp_membership membership USING (id) %(imported)s
        """,
        business=SQL("imported.business" if year.source == IMPORTED else "ledger.business"),
        ledger=in_ledger(year),
        imported=imported,
    )


def in_ledger(year):
    return SQL(
        """
        SELECT member.id, member.class_id,
               SUM(-balance) FILTER (WHERE account_id = %(income)s AND line.date >= %(first)s AND move_type = 'entry') AS business,
               SUM(-balance * (%(last)s::date - GREATEST(line.date, %(first)s::date) + 1))
                   FILTER (WHERE account_id = ANY(%(shares)s)) AS capital
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN (%(members)s) member ON member.contact_id = line.partner_id AND line.date BETWEEN date_from AND date_to
         WHERE line.company_id = %(company)s AND parent_state = 'posted' AND line.date <= %(last)s
           AND account_id = ANY(%(accounts)s)
         GROUP BY member.id, member.class_id
        """,
        income=accounts(year, "401000")[0],
        shares=accounts(year, "310000", "310001", "310002"),
        accounts=accounts(year, "310000", "310001", "310002", "401000"),
        members=members(year),
        company=year.run.company_id.id,
        first=YEAR["date_from"],
        last=YEAR["date_to"],
    )


def members(year):
    """Contacts of members, with the class of their time: one small relation, so that an item is looked up once."""
    return SQL(
        """
        SELECT contact.id AS contact_id, membership.id, period.class_id, period.date_from,
               COALESCE(period.date_to, 'infinity') AS date_to
          FROM kmp_membership membership
          JOIN res_partner contact ON contact.commercial_partner_id = membership.partner_id
          JOIN kmp_membership_period period ON period.membership_id = membership.id
         WHERE period.company_id = %s
        OFFSET '0'
        """,
        year.run.company_id.id,
    )


def accounts(year, *codes):
    return (
        year.run.env["account.account"]
        .sudo()
        .search([("code", "in", codes), ("company_ids", "in", year.run.company_id.ids)])
        .ids
    )


def write(year):
    """Hamilton's method, then a row per member and a row per member and pool."""
    return SQL(
        """
        WITH surplus AS (SELECT %(surplus)s AS amount),
        claim AS (
            SELECT 0 AS pool, id, number, capital AS weight, FLOOR(amount * %(capital)s / 100) AS units FROM bench_weight, surplus
             WHERE capital > 0
             UNION ALL
            SELECT class_id, id, number, business, FLOOR(amount * %(class)s / 100) FROM bench_weight, surplus WHERE business > 0),
        quota AS (
            SELECT claim.*, DIV(units * weight, total) AS whole, MOD(units * weight, total) AS remainder
              FROM (SELECT claim.*, SUM(weight) OVER (PARTITION BY pool) AS total FROM claim) claim),
        part AS MATERIALIZED (
            SELECT pool, id, weight,
                   whole + CASE WHEN ROW_NUMBER() OVER nearest <= units - SUM(whole) OVER (PARTITION BY pool) THEN 1 ELSE 0 END AS amount
              FROM quota WINDOW nearest AS (PARTITION BY pool ORDER BY remainder DESC, number COLLATE "C")),
        share AS (
            INSERT INTO bench_share (run_id, company_id, membership_id, number, partner_id, class_id,
                                     capital_amount, patronage_amount, amount, tax_amount, net_amount)
            SELECT %(run)s, %(company)s, id, number, partner_id, class_id, given.capital, given.patronage,
                   given.capital + given.patronage, 0, given.capital + given.patronage
              FROM (SELECT id, COALESCE(SUM(amount) FILTER (WHERE pool = 0), 0) AS capital,
                           COALESCE(SUM(amount) FILTER (WHERE pool > 0), 0) AS patronage FROM part GROUP BY id) given
              JOIN bench_weight USING (id)
         RETURNING id, membership_id)
        INSERT INTO bench_share_line (share_id, pool_id, weight, amount)
        SELECT share.id, part.pool, part.weight, part.amount FROM part JOIN share ON share.membership_id = part.id
        """,
        surplus=SQL("%s::numeric", INCOME - INCOME_TAX)
        if year.source == IMPORTED
        else SQL("%s + (SELECT SUM(business) FROM bench_weight)", INCOME - INCOME_TAX),
        capital=CAPITAL_PERCENT,
        **{"class": CLASS_PERCENT},
        run=year.run.id,
        company=year.run.company_id.id,
    )


def check(lab, year):
    """Everybody has a share in both, the same but for the units that the scheme's own rounding moves."""
    lab.cr.execute(
        SQL(
            """
            SELECT COUNT(*), COUNT(bare.id), COUNT(share.id), MAX(ABS(bare.amount - share.amount))::int
              FROM bench_share bare FULL JOIN (SELECT * FROM kmp_shu_share WHERE run_id = %s) share USING (membership_id)
            """,
            year.run.id,
        )
    )
    rows, bare, shares, difference = lab.cr.fetchone()
    assert rows == bare == shares, (rows, bare, shares)
    assert difference <= len(year.run.pool_ids), difference
