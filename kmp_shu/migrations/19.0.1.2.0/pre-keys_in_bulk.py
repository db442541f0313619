"""Shares are written by the hundred thousand: the keys that the run itself sees to are no longer checked row by row."""

from odoo.tools import SQL

KEYS = {
    "kmp_shu_share": ("run_id", "company_id", "partner_id"),
    "kmp_shu_share_line": ("share_id", "pool_id"),
}


def migrate(cr, version):
    for table, columns in KEYS.items():
        for column in columns:
            key = SQL.identifier(f"{table}_{column}_fkey")
            cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", SQL.identifier(table), key))
