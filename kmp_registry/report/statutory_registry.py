from odoo import models

from odoo.addons.kmp_reports.models.coop_figures import ClassMembers, Year
from odoo.addons.kmp_reports.report.shu_check import Check
from odoo.addons.kmp_reports.report.statutory_parts import AMOUNT, COUNT, Column, Row, Table, add

MEMBER_COUNTS = ("Laki-laki", "Perempuan", "Tidak dicatat", "Badan hukum", "Jumlah", "Tahun lalu")


class StatutoryRegistry(models.AbstractModel):
    """Data tahunan koperasi: the figures that the registry collects once a year, this year beside the last one."""

    _name = "kmp.statutory.registry"
    _description = "Data Tahunan Koperasi"
    _inherit = "kmp.statutory"

    _title = "DATA TAHUNAN KOPERASI"
    _sheet = "Data tahunan"

    def _fill(self, document):
        before, year = self._get_two_years(document)
        document.parts += [
            self._get_identity_table(document.company),
            self._get_member_table(before, year),
            self._get_money_table(before, year),
        ]
        document.checks += self._get_checks(year)

    def _get_two_years(self, document):
        """The `YearFigures` of the year before and of the document's own."""
        previous = Year(*self._get_previous_year(document.company, document.date_from))
        years = [previous, Year(document.date_from, document.date_to)]
        return self.env["kmp.coop.figures"]._get_figures(document.company, years)

    def _get_identity_table(self, company):
        rows = [
            ("Nama koperasi", company.name),
            ("Nomor induk koperasi", company.company_registry),
            ("NPWP", company.vat),
            ("Alamat", ", ".join(filter(None, (company.street, company.city, company.state_id.name)))),
            ("Kode wilayah", company.partner_id.kmp_region_code),
        ]
        columns = [Column("Keterangan", 35), Column("", 65)]
        return Table("A. Identitas", columns, [Row((name, value or "(belum diisi)")) for name, value in rows])

    def _get_member_table(self, before, year):
        counts = {row.class_id: row for row in year.members}
        previous = {row.class_id: row.total for row in before.members}
        classes = self.env["kmp.stakeholder.class"].browse(dict.fromkeys([*counts, *previous])).sorted()
        rows = [
            Row((each._get_indonesian_name(), *self._count(counts.get(each.id)), previous.get(each.id, 0)))
            for each in classes
        ]
        if rows:
            rows.append(
                Row(
                    ("Jumlah", *(int(add(rows, place)) for place in range(1, len(MEMBER_COUNTS) + 1))),
                    "total",
                )
            )
        columns = [Column("Kelompok pihak anggota", 28), *(Column(name, 12, COUNT) for name in MEMBER_COUNTS)]
        return Table("B. Anggota pada akhir tahun buku", columns, rows, empty="Belum ada anggota.")

    def _count(self, members):
        members = members or ClassMembers(0)
        return members.male, members.female, members.unknown, members.entity, members.total

    def _get_money_table(self, before, year):
        columns = [Column("Uraian", 50), Column("Tahun ini", 25, AMOUNT), Column("Tahun lalu", 25, AMOUNT)]
        rows = [
            Row((name, value, previous), kind)
            for (name, value, kind), (_name, previous, _kind) in zip(
                self._get_amounts(year), self._get_amounts(before), strict=True
            )
        ]
        return Table("C. Keuangan dan usaha", columns, rows)

    def _get_amounts(self, figures):
        """[(name, amount or None, kind of row)] of a year. Own and borrowed capital: UU 25/1992 art. 41, participation capital art. 42."""
        balance, total = figures.balance, figures.parts["total"]
        turnover = figures.member_turnover
        return [
            ("Modal sendiri", balance.own, ""),
            ("Modal penyertaan", balance.participation, ""),
            ("Modal pinjaman dan kewajiban lain", balance.borrowed, ""),
            ("Aset", balance.assets, "sum"),
            ("Volume usaha dengan anggota", turnover, ""),
            ("Volume usaha dengan non-anggota", None if turnover is None else total.turnover - turnover, ""),
            ("Volume usaha", total.turnover, "sum"),
            ("Sisa hasil usaha sebelum pajak", total.before_tax, ""),
            ("Pajak penghasilan badan", total.tax, ""),
            ("Sisa hasil usaha setelah pajak", total.amount, "sum"),
            ("Tunggakan simpanan anggota", figures.arrears, ""),
        ]

    def _get_checks(self, year):
        balance = year.balance
        sources = balance.own + balance.participation + balance.borrowed
        yield Check("Aset = modal", "Aset", balance.assets, "Modal sendiri, penyertaan dan pinjaman", sources)
        if "member" in year.parts:
            both = year.parts["member"].amount + year.parts["non_member"].amount
            yield Check(
                "SHU anggota + non-anggota = SHU", "Anggota dan non-anggota", both, "Buku besar", year.surplus
            )
