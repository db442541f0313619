from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.kmp_membership.report import indonesian
from odoo.addons.kmp_membership.report.posts import BODIES, POSTS
from odoo.addons.kmp_membership.tools import in_indonesian

from .shu_check import Check
from .statutory_parts import AMOUNT, COUNT, Column, Row, Table, add

# The account types of each table, and the sign that makes their usual balance positive.
TABLES = {
    "cash": (("asset_cash",), 1),
    "receivable": (("asset_receivable",), 1),
    "current": (("asset_current", "asset_prepayments"), 1),
    "fixed": (("asset_fixed",), 1),
    "non_current": (("asset_non_current",), 1),
    "payable": (("liability_payable", "liability_credit_card"), -1),
    "liability": (("liability_current",), -1),
    "long_term": (("liability_non_current",), -1),
    "equity": (("equity", "equity_unaffected"), -1),
    "income": (("income", "income_other"), -1),
    "cost": (("expense_direct_cost",), 1),
    "expense": (("expense", "expense_depreciation", "expense_other"), 1),
}
RESULT_TABLES = ("income", "cost", "expense")
CLASSES = {
    "Aset": "asset",
    "Liabilitas": "liability",
    "Ekuitas": "equity",
    "Pendapatan": "income",
    "Beban": "expense",
}
UNDISTRIBUTED, THIS_YEAR = "SHU tahun-tahun lalu yang belum dibagi", "SHU tahun berjalan"


class StatutoryCalk(models.AbstractModel):
    """Catatan atas Laporan Keuangan: the year's texts, each with its numbers.

    Every account with a balance belongs to one table, by its type. The tie-out says so: what the notes list is what the ledger has, for
    assets, liabilities, equity, income and expense. A note that was taken out shows there with the amount that is missing.
    """

    _name = "kmp.statutory.calk"
    _description = "Catatan atas Laporan Keuangan"
    _inherit = "kmp.statutory"

    _title = "CATATAN ATAS LAPORAN KEUANGAN"
    _sheet = "CALK"

    def _fill(self, document):
        period = document.company, document.date_from, document.date_to
        previous = self._get_previous_year(document.company, document.date_from)
        totals = self.env["kmp.account.totals"]._read_totals(*period, previous)
        tables = {}
        self._fill_texts(
            document, "calk", lambda kind: tables.setdefault(kind, self._get_table(kind, document, totals))
        )
        document.checks += self._get_checks(document, tables)

    def _get_table(self, kind, document, totals):
        if kind in TABLES:
            return self._get_account_table(kind, document, totals)
        return self._get_register_table(kind, document)

    def _get_account_table(self, kind, document, totals):
        types, sign = TABLES[kind]
        undistributed = self._get_undistributed(document, totals) if kind == "equity" else []
        listed = [total for total in totals if total.account_type in types and total not in undistributed]
        if kind == "fixed":
            return self._get_movement_table(listed)
        is_result = kind in RESULT_TABLES
        rows = [
            Row((total.label, sign * this, sign * last))
            for total in listed
            for this, last in [
                (total.movement, total.previous) if is_result else (total.closing, total.opening)
            ]
            if this or last
        ]
        if kind == "equity":
            rows += self._get_result_rows(undistributed, [total for total in totals if total.is_result])
        this_year, last_year = self._get_year_titles(document)
        columns = [Column("Akun", 56), Column(this_year, 22, AMOUNT), Column(last_year, 22, AMOUNT)]
        return Table("", columns, self._add_total(rows, 1, 2), empty="Tidak ada saldo.")

    def _get_year_titles(self, document):
        previous = self._get_previous_year(document.company, document.date_from)[1]
        return indonesian.short_date(document.date_to), indonesian.short_date(previous)

    def _get_movement_table(self, listed):
        rows = [
            Row((total.label, total.opening, total.debit, -total.credit, total.closing))
            for total in listed
            if total.opening or total.debit or total.credit
        ]
        titles = ("Saldo awal", "Penambahan", "Pengurangan", "Saldo akhir")
        columns = [Column("Akun", 32), *(Column(title, 17, AMOUNT) for title in titles)]
        return Table("", columns, self._add_total(rows, 1, 2, 3, 4), empty="Tidak ada saldo.")

    def _get_undistributed(self, document, totals):
        account = document.company.shu_undistributed_account_id
        return [
            total for total in totals if total.id == account.id or total.account_type == "equity_unaffected"
        ]

    def _get_result_rows(self, undistributed, results):
        """The result of the year, and what results of earlier years are not distributed yet: both stand on the accounts of income and
        expense, and on the account of the undistributed surplus, which is debited when they are distributed."""
        previous = sum((total.previous for total in results), Decimal())
        before = sum((total.opening for total in results), Decimal())
        earlier = before + sum((total.closing for total in undistributed), Decimal())
        earlier_last = before - previous + sum((total.opening for total in undistributed), Decimal())
        return [
            Row((UNDISTRIBUTED, -earlier, -earlier_last)),
            Row((THIS_YEAR, -sum((total.movement for total in results), Decimal()), -previous)),
        ]

    def _add_total(self, rows, *places):
        if not rows:
            return []
        sums = {place: add(rows, place) for place in places}
        return [*rows, Row(tuple(sums.get(place, "Jumlah") for place in range(len(rows[0].cells))), "total")]

    # Tables that are not of accounts

    def _get_register_table(self, kind, document):
        return getattr(self, f"_get_{kind}_table")(document)

    def _get_members_table(self, document):
        """Members by class at the end of this year and of the last, of the register."""
        figures = self.env["kmp.coop.figures"]
        years = figures._get_years(document.company, document.date_to, 2)
        last, this = (
            {row.class_id: row for row in rows} for rows in figures._get_members(document.company, years)
        )
        classes = in_indonesian(self.env["kmp.stakeholder.class"]).browse(dict.fromkeys([*this, *last]))
        rows = [
            Row(
                (
                    name.display_name,
                    *self._get_sexes(this.get(name.id)),
                    last[name.id].total if name.id in last else 0,
                )
            )
            for name in classes
        ]
        this_year, last_year = self._get_year_titles(document)
        titles = ("Laki-laki", "Perempuan", "Lainnya", this_year, last_year)
        columns = [Column("Kelompok", 40), *(Column(title, 12, COUNT) for title in titles)]
        return Table("", columns, self._add_total(rows, 1, 2, 3, 4, 5), empty="Belum ada anggota.")

    def _get_sexes(self, row):
        return (row.male, row.female, row.unknown + row.entity, row.total) if row else (0, 0, 0, 0)

    def _get_officers_table(self, document):
        officers = self.env["kmp.officer"]._get_in_office(document.company, document.date_to)
        rows = [
            Row(
                (
                    BODIES[officer.body].capitalize(),
                    POSTS[officer.post],
                    officer.membership_id.partner_id.name or "",
                    f"{indonesian.short_date(officer.date_from)} – {indonesian.short_date(officer.date_to)}",
                )
            )
            for officer in officers
        ]
        columns = [
            Column("Perangkat", 18),
            Column("Jabatan", 20),
            Column("Nama", 36),
            Column("Masa jabatan", 26),
        ]
        return Table("", columns, rows, empty="Belum ada pengurus dan pengawas yang dicatat.")

    def _get_funding_table(self, document):
        return self.env["kmp.statutory.funding"]._get_agreement_table(document, "")

    def _get_without_cash_table(self, document):
        """What entries between investing and financing accounts alone moved in the year. Query budget: one, and that of the places."""
        company = document.company
        rows = self.env["kmp.cash.flows"]._read_without_cash(company, document.date_from, document.date_to)
        rows = [Row((label, debit, credit)) for label, debit, credit in rows]
        columns = [Column("Akun", 56), Column("Debit", 22, AMOUNT), Column("Kredit", 22, AMOUNT)]
        return Table("", columns, self._add_total(rows, 1, 2))

    # Tie-out

    def _get_checks(self, document, tables):
        listed = {
            name: sum(
                (
                    self._get_closing(tables[kind])
                    for kind in TABLES
                    if kind in tables and self._is_of(kind, name)
                ),
                Decimal(),
            )
            for name in CLASSES
        }
        ledger = self._read_ledger_sums(document)
        return [
            Check(
                f"{name}: catatan = buku besar",
                "Jumlah rincian catatan",
                listed[name],
                "Buku besar",
                ledger[name],
            )
            for name in CLASSES
        ]

    def _is_of(self, kind, name):
        return TABLES[kind][0][0].startswith(CLASSES[name])

    def _get_closing(self, table):
        """The sum of a table at the end of the year: its last column but that of last year."""
        place = -1 if len(table.columns) > 3 else 1
        return table.rows[-1].cells[place] if table.rows else Decimal()

    def _read_ledger_sums(self, document):
        """What the ledger has by class of account; the results that are not distributed belong to equity. Query budget: one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT SPLIT_PART(account.account_type, '_', 1), SUM(item.balance)::text,
                       COALESCE(SUM(item.balance) FILTER (WHERE item.date >= %s), 0)::text
                  FROM account_move_line item JOIN account_account account ON account.id = item.account_id
                 WHERE item.company_id = %s AND item.parent_state = 'posted' AND item.date <= %s
                 GROUP BY 1
                """,
                document.date_from,
                document.company.id,
                document.date_to,
            )
        )
        closing = {kind: Decimal(balance) for kind, balance, _moved in rows}
        moved = {kind: Decimal(amount) for kind, _balance, amount in rows}
        results = closing.get("income", Decimal()) + closing.get("expense", Decimal())
        return {
            "Aset": closing.get("asset", Decimal()),
            "Liabilitas": -closing.get("liability", Decimal()),
            "Ekuitas": -closing.get("equity", Decimal()) - results,
            "Pendapatan": -moved.get("income", Decimal()),
            "Beban": moved.get("expense", Decimal()),
        }
