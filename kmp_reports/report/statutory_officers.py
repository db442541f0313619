from odoo import models

from .chart import draw_bars
from .statutory_parts import AMOUNT, COUNT, Column, Picture, Row, Table

YEARS = 5


class StatutoryOfficers(models.AbstractModel):
    """Laporan pengurus: the board's account of its year, with charts of five years; every member of the board signs (UU 25/1992 art. 36)."""

    _name = "kmp.statutory.officers"
    _description = "Laporan Pengurus"
    _inherit = "kmp.statutory"

    _title = "LAPORAN PENGURUS"
    _sheet = "Laporan pengurus"

    def _fill(self, document):
        calk = self.env["kmp.statutory.calk"]
        previous = self._get_previous_year(document.company, document.date_from)
        totals = self.env["kmp.account.totals"]._read_totals(
            document.company, document.date_from, document.date_to, previous
        )
        self._fill_texts(document, "officers", lambda kind: calk._get_table(kind, document, totals))
        years = self._get_figures(document)
        document.parts += [self._get_table(years), self._get_picture(document, years)]

    def _get_signers(self, company):
        return self._get_body_signers(company, "board")

    def _get_figures(self, document):
        """The figures of the last years, without those before the co-operative had members or books."""
        figures = self.env["kmp.coop.figures"]
        years = figures._get_figures(
            document.company, figures._get_years(document.company, document.date_to, YEARS)
        )
        while len(years) > 1 and not (years[0].member_count or years[0].balance.assets or years[0].turnover):
            years.pop(0)
        return years

    def _get_series(self, years):
        """(title, values) of each chart and column."""
        return [
            ("Anggota", [row.member_count for row in years]),
            ("Modal sendiri", [row.balance.own + row.balance.participation for row in years]),
            ("Pendapatan usaha", [row.turnover for row in years]),
            ("SHU", [row.surplus for row in years]),
        ]

    def _get_table(self, years):
        series = self._get_series(years)
        columns = [
            Column("Tahun", 16),
            *(Column(title, 21, AMOUNT if place else COUNT) for place, (title, _values) in enumerate(series)),
        ]
        rows = [
            Row((str(year.year.date_to.year), *(values[place] for _title, values in series)))
            for place, year in enumerate(years)
        ]
        return Table("Perkembangan koperasi", columns, rows)

    def _get_picture(self, document, years):
        labels = [str(year.year.date_to.year) for year in years]
        return Picture("", draw_bars(labels, self._get_series(years)))


class StatutorySupervisors(models.AbstractModel):
    """Laporan pengawas: what the supervisors found; each of them signs."""

    _name = "kmp.statutory.supervisors"
    _description = "Laporan Pengawas"
    _inherit = "kmp.statutory"

    _title = "LAPORAN PENGAWAS"
    _sheet = "Laporan pengawas"

    def _fill(self, document):
        self._fill_texts(document, "supervisors")

    def _get_signers(self, company):
        return self._get_body_signers(company, "supervisors")
