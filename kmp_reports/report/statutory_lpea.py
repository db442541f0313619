from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from odoo.addons.kmp_membership.report import indonesian

from .statutory_parts import AMOUNT, Column, Row, Table, add

SECTIONS = {
    "purchase": "A. Manfaat dari pembelian barang atau pengadaan jasa bersama",
    "sale": "B. Manfaat dari pemasaran dan pengolahan bersama",
    "credit": "C. Manfaat dari simpan pinjam lewat koperasi",
    "shu": "D. Manfaat dari pembagian sisa hasil usaha",
}
OF_SECTION = {"purchase": "purchase", "sale": "sale", "loan": "credit", "saving": "credit"}
PROPOSED = "Huruf D tahun ini adalah usulan: pembagian SHU belum dibukukan."
EMPTY = "Belum ada pembanding harga pasar."


class StatutoryLpea(models.AbstractModel):
    """Laporan Promosi Ekonomi Anggota: what members had from their co-operative in the year, in rupiah.

    From joint purchasing, from joint marketing and processing, and from savings and loans by comparison with the market
    (`kmp.market.comparison`); from the surplus by the year's distribution.
    """

    _name = "kmp.statutory.lpea"
    _description = "Laporan Promosi Ekonomi Anggota"
    _inherit = "kmp.statutory"

    _title = "LAPORAN PROMOSI EKONOMI ANGGOTA"
    _sheet = "LPEA"

    def _fill(self, document):
        previous = self._get_previous_year(document.company, document.date_from)
        this = self._get_benefits(document.company, document.date_from, document.date_to)
        last = self._get_benefits(document.company, *previous)
        rows = []
        for section, title in SECTIONS.items():
            lines = self._get_section_rows(this[section], last[section])
            rows.append(Row((title, "", "", None, None), "group"))
            rows += lines
            sums = add(lines, 3), add(lines, 4)
            rows.append(Row((f"Jumlah {title[:1]}", "", "", *sums), "sum"))
        rows.append(Row(("JUMLAH PROMOSI EKONOMI ANGGOTA", "", "", add(rows, 3), add(rows, 4)), "total"))
        columns = [
            Column("Uraian", 34),
            Column("Volume usaha anggota", 19),
            Column("Selisih dengan pasar", 15),
            Column(f"Tahun {document.date_to.year} (Rp)", 16, AMOUNT),
            Column(f"Tahun {previous[1].year} (Rp)", 16, AMOUNT),
        ]
        is_proposed = self._is_proposed(document.company, document.date_from, document.date_to)
        document.parts.append(Table("", columns, rows, note=PROPOSED if is_proposed else ""))
        document.parts.append(self._get_source_table(document))
        if not any(this[section] for section in SECTIONS if section != "shu"):
            document.notices.append(f"{EMPTY} Masukkan dalam Pembanding Harga Pasar.")
        if not this["shu"]:
            document.notices.append("SHU tahun buku ini belum dibagi.")

    def _get_section_rows(self, this, last):
        """Lines of both years by their name; a line of one year only has nothing in the other."""
        names = dict.fromkeys([*this, *last])
        return [
            Row(
                (
                    name,
                    *(this.get(name) or last[name])[:2],
                    this[name][2] if name in this else Decimal(),
                    last[name][2] if name in last else Decimal(),
                ),
                level=1,
            )
            for name in names
        ]

    def _get_benefits(self, company, date_from, date_to):
        """{section: {name: (volume, difference, amount)}} of a fiscal year; volume and difference are texts."""
        benefits = {section: {} for section in SECTIONS}
        for comparison in self._get_comparisons(company, date_to):
            volume, amount = comparison._get_benefit()
            section = benefits[OF_SECTION[comparison.section]]
            name = (
                comparison.name
                if comparison.name not in section
                else f"{comparison.name} ({len(section) + 1})"
            )
            section[name] = self._describe(comparison, volume), self._describe_difference(comparison), amount
        for name, amount in self._read_surplus(company, date_from, date_to):
            benefits["shu"][name] = "", "", amount
        return benefits

    def _get_comparisons(self, company, date_to):
        return self.env["kmp.market.comparison"].search(
            [("company_id", "=", company.id), ("date_to", "=", date_to)], order="sequence, id"
        )

    def _describe(self, comparison, volume):
        if comparison.is_per_unit:
            return f"{indonesian.percent(volume)[:-1]} satuan"
        return indonesian.money(volume, comparison.currency_id)

    def _describe_difference(self, comparison):
        difference = Decimal(f"{comparison.difference:.6f}")
        if comparison.is_per_unit:
            return f"{indonesian.money(difference, comparison.currency_id)} per satuan"
        return f"{indonesian.percent(difference)} {'setahun' if comparison.section in ('loan', 'saving') else 'dari nilai'}"

    def _read_surplus(self, company, date_from, date_to):
        """(name, amount) of what the members get of the year's surplus. Query budget: two."""
        run_id, _is_posted = self._get_run(company, date_from, date_to)
        if not run_id:
            return []
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(capital_amount), 0)::text, COALESCE(SUM(patronage_amount), 0)::text
                  FROM kmp_shu_share WHERE run_id = %s
                """,
                run_id,
            )
        )
        return list(zip(("Jasa modal", "Jasa usaha"), map(Decimal, row), strict=True))

    def _get_run(self, company, date_from, date_to):
        """(id, whether it is posted) of the distribution of a fiscal year; no id where there is none, or where the period is no year."""
        figures = self.env["kmp.coop.figures"]
        [year] = figures._get_years(company, date_to, 1)
        found = figures._get_runs(company, [year]).get(year)
        return found[:2] if found and year == (date_from, date_to) else (None, False)

    def _is_proposed(self, company, date_from, date_to):
        run_id, is_posted = self._get_run(company, date_from, date_to)
        return bool(run_id) and not is_posted

    def _get_source_table(self, document):
        rows = [
            Row((comparison.name, comparison.source or "(belum diisi)"))
            for comparison in self._get_comparisons(document.company, document.date_to)
        ]
        return Table("Sumber harga pasar", [Column("Uraian", 40), Column("Sumber", 60)], rows, empty=EMPTY)
