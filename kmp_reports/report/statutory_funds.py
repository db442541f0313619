from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import in_indonesian

from .shu_check import Check
from .statutory_parts import AMOUNT, DATE, Column, Row, Table, add

KINDS = {True: "Cadangan", False: "Dana"}


class StatutoryFunds(models.AbstractModel):
    """Laporan penggunaan dana: what each reserve and fund got of surpluses, what was spent of it and on what, and what is left."""

    _name = "kmp.statutory.funds"
    _description = "Laporan Dana dan Cadangan"
    _inherit = "kmp.statutory"

    _title = "LAPORAN DANA DAN CADANGAN"
    _sheet = "Dana"

    def _fill(self, document):
        period = document.company, document.date_from, document.date_to
        statements = self.env["kmp.shu.fund"]._read_statements(*period)
        names = self._get_account_names(document.company, [statement.account_id for statement in statements])
        document.parts.append(self._get_summary(statements, names))
        items = self._read_items(document, [statement.account_id for statement in statements])
        for statement in statements:
            document.parts.append(
                self._get_item_table(names[statement.account_id], items.get(statement.account_id, []))
            )
        if statements:
            document.checks.append(self._get_check(document, statements))

    def _get_account_names(self, company, account_ids):
        # sudo: names of accounts, for whoever may read the funds
        accounts = in_indonesian(self.env["account.account"].sudo().with_company(company)).browse(account_ids)
        return {account.id: f"{account.code} {account.name}" for account in accounts}

    def _get_summary(self, statements, names):
        titles = ("Saldo awal", "Dari pembagian SHU", "Penambahan lain", "Penggunaan", "Saldo akhir")
        columns = [Column("Dana", 25), *(Column(title, 15, AMOUNT) for title in titles)]
        rows = []
        for is_reserve, label in KINDS.items():
            lines = [
                Row(
                    (names[row.account_id], row.opening, row.distributed, row.added, -row.used, row.closing),
                    level=1,
                )
                for row in statements
                if row.is_reserve == is_reserve
            ]
            if lines:
                sums = [add(lines, place) for place in range(1, 6)]
                rows += [
                    Row((label, *[None] * 5), "group"),
                    *lines,
                    Row((f"Jumlah {label.lower()}", *sums), "sum"),
                ]
        return Table(
            "A. Ikhtisar", columns, rows, empty="Belum ada cadangan atau dana dalam skema pembagian SHU."
        )

    def _get_item_table(self, name, items):
        columns = [
            Column("Tanggal", 12, DATE),
            Column("Bukti", 20),
            Column("Uraian", 48),
            Column("Jumlah", 20, AMOUNT),
        ]
        rows = [Row(item) for item in items]
        if rows:
            rows.append(Row((None, None, "Jumlah", add(rows, 3)), "total"))
        return Table(f"Mutasi {name}", columns, rows, empty="Tidak ada mutasi selama tahun buku.")

    def _read_items(self, document, account_ids):
        """{account id: [(date, entry, description, amount)]} of the period, credits above zero. The account of its funds is part of what
        the co-operative tells its members, so whoever may read the funds may read it. Query budget: one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.account_id, item.date, move.name, COALESCE(item.name, move.ref, ''), (-item.balance)::text
                  FROM account_move_line item JOIN account_move move ON move.id = item.move_id
                 WHERE item.account_id = ANY(%s) AND item.company_id = %s AND item.parent_state = 'posted'
                   AND item.date BETWEEN %s AND %s AND item.balance != 0
                 ORDER BY item.date, move.name, item.id
                """,
                account_ids,
                document.company.id,
                document.date_from,
                document.date_to,
            )
        )
        items = {}
        for account_id, *cells, amount in rows:
            items.setdefault(account_id, []).append((*cells, Decimal(amount)))
        return items

    def _get_check(self, document, statements):
        [[balance]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-SUM(balance), 0)::text FROM account_move_line
                 WHERE account_id = ANY(%s) AND company_id = %s AND parent_state = 'posted' AND date <= %s
                """,
                [statement.account_id for statement in statements],
                document.company.id,
                document.date_to,
            )
        )
        return Check(
            "Saldo dana dan cadangan = buku besar",
            "Jumlah saldo akhir",
            sum((statement.closing for statement in statements), Decimal()),
            "Buku besar: akun dana dan cadangan",
            Decimal(balance),
        )
