from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.kmp_membership.report import indonesian

from .shu_check import Check
from .statutory_parts import AMOUNT, Column, Row, Table, add

CAPITAL_TYPES = {"grant": "Hibah", "loan": "Pinjaman", "participation": "Modal penyertaan"}
NO_AGREEMENT = "Tidak ada hibah atau pinjaman."


class StatutoryFunding(models.AbstractModel):
    """Laporan penggunaan hibah dan pinjaman: by agreement what came in, what was repaid, what it was spent on and what is left."""

    _name = "kmp.statutory.funding"
    _description = "Laporan Penggunaan Hibah dan Pinjaman"
    _inherit = "kmp.statutory"

    _title = "LAPORAN PENGGUNAAN HIBAH DAN PINJAMAN"
    _sheet = "Hibah dan pinjaman"

    def _fill(self, document):
        statements = self._read_statements(document)
        document.parts.append(self._get_agreement_table(document, "A. Perjanjian", statements))
        document.parts.append(self._get_use_table(statements))
        if statements:
            document.checks.append(self._get_check(document, statements))

    def _read_statements(self, document):
        fundings = self.env["kmp.funding"].search([("company_id", "=", document.company.id)])
        return fundings._read_statements(document.company, document.date_from, document.date_to)

    def _get_agreement_table(self, document, title, statements=None):
        statements = self._read_statements(document) if statements is None else statements
        rows = [
            Row(
                (
                    self._describe(statement.funding),
                    Decimal(str(statement.funding.amount)),
                    statement.opening,
                    statement.received,
                    -statement.repaid,
                    statement.closing,
                )
            )
            for statement in statements
        ]
        if rows:
            rows.append(Row(("Jumlah", *(add(rows, place) for place in range(1, 6))), "total"))
        titles = ("Disepakati", "Saldo awal", "Diterima", "Dikembalikan", "Saldo akhir")
        columns = [Column("Perjanjian", 30), *(Column(name, 14, AMOUNT) for name in titles)]
        return Table(title, columns, rows, empty=NO_AGREEMENT)

    def _describe(self, funding):
        due = f", jatuh tempo {indonesian.date(funding.date_due)}" if funding.date_due else ""
        kind = CAPITAL_TYPES[funding.capital_type]
        return f"{funding.name}, {kind} {funding.source_name}, diterima {indonesian.date(funding.date_received)}{due}"

    def _get_use_table(self, statements):
        rows = [row for statement in statements for row in self._get_use_rows(statement)]
        columns = [Column("Penggunaan", 72), Column("Jumlah", 28, AMOUNT)]
        return Table("B. Penggunaan menurut buku besar", columns, rows, empty=NO_AGREEMENT)

    def _get_use_rows(self, statement):
        """What was spent in the period by account, before it, and what of the money received is left."""
        return [
            Row((f"{statement.funding.name} – {statement.funding.source_name}", None), "group"),
            Row(("Diterima seluruhnya", statement.received_ever), level=1),
            Row(("Digunakan sebelum tahun buku", -statement.used_before), level=1),
            *(
                Row((f"{use.account_code} {use.account_name}", -use.amount), level=2)
                for use in statement.uses
            ),
            Row(("Belum digunakan", statement.unused), "sum"),
        ]

    def _get_check(self, document, statements):
        """What the agreements have against their accounts: items that belong to none of them show here."""
        [[balance]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-SUM(balance), 0)::text FROM account_move_line
                 WHERE account_id = ANY(%s) AND company_id = %s AND parent_state = 'posted' AND date <= %s
                """,
                [statement.funding.account_id.id for statement in statements],
                document.company.id,
                document.date_to,
            )
        )
        return Check(
            "Saldo hibah dan pinjaman = buku besar",
            "Jumlah saldo akhir menurut perjanjian",
            sum((statement.closing for statement in statements), Decimal()),
            "Buku besar: akun modal dari perjanjian",
            Decimal(balance),
        )
