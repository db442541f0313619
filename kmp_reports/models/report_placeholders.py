from dateutil.relativedelta import relativedelta

from odoo import api, models

from odoo.addons.kmp_membership.report import indonesian

# UU 25/1992 art. 26: the meeting that hears the account is within six months of the year's end.
MEETING_MONTHS = 6
BLANK = "................"


class ReportPlaceholders(models.AbstractModel):
    """What may stand in braces in a text of a yearly document: `{koperasi}`, `{jumlah_anggota}`, `{shu}`..."""

    _name = "kmp.report.placeholders"
    _description = "Placeholders of Yearly Documents"

    @api.model
    def _get_values(self, company, date_from, date_to):
        """{name: Indonesian text}; a name with `_lalu` is that of the year before.

        Query budget: that of `kmp.coop.figures`, that of `kmp.cash.flows` and three.
        """
        figures = self.env["kmp.coop.figures"]
        last, this = figures._get_figures(company, figures._get_years(company, date_to, 2))
        return (
            self._get_company_values(company, date_from, date_to)
            | self._get_year_values(company, this)
            | {f"{name}_lalu": value for name, value in self._get_year_values(company, last).items()}
            | {"kenaikan_shu": _change(this.surplus, last.surplus)}
            | {"kenaikan_pendapatan": _change(this.turnover, last.turnover)}
        )

    def _get_company_values(self, company, date_from, date_to):
        bylaws = self.env["kmp.bylaws"].search(
            [("company_id", "=", company.id), ("date_from", "<=", date_to)], order="date_from desc", limit=1
        )
        return {
            "koperasi": company.name,
            "alamat": ", ".join(filter(None, (company.street, company.city, company.state_id.name))) or BLANK,
            "kota": company.city or BLANK,
            "badan_hukum": company.company_registry or BLANK,
            "npwp": company.vat or BLANK,
            "anggaran_dasar": f"akta nomor {bylaws.name} tanggal {indonesian.date(bylaws.date)}"
            if bylaws
            else BLANK,
            "tahun_buku": f"{indonesian.date(date_from)} s.d. {indonesian.date(date_to)}",
            "tahun": str(date_to.year),
            "tahun_depan": str(date_to.year + 1),
            "tanggal_akhir": indonesian.date(date_to),
            "batas_rat": indonesian.date(date_to + relativedelta(months=MEETING_MONTHS)),
            "jumlah_pengurus": self._count_officers(company, date_to, "board"),
            "jumlah_pengawas": self._count_officers(company, date_to, "supervisors"),
            "utang_aset": indonesian.money(
                self.env["kmp.cash.flows"]._get_owed(company, date_to), company.currency_id
            ),
        }

    def _count_officers(self, company, day, body):
        return indonesian.count(
            self.env["kmp.officer"].search_count(
                [
                    ("company_id", "=", company.id),
                    ("body", "=", body),
                    ("date_from", "<=", day),
                    ("date_to", ">=", day),
                ]
            )
        )

    def _get_year_values(self, company, figures):
        def money(amount):
            return BLANK if amount is None else indonesian.money(amount, company.currency_id)

        return {
            "jumlah_anggota": indonesian.count(figures.member_count),
            "pendapatan": money(figures.turnover),
            "pendapatan_anggota": money(figures.member_turnover),
            "shu": money(figures.surplus),
            "aset": money(figures.balance.assets),
            "modal_sendiri": money(figures.balance.own),
            "modal_penyertaan": money(figures.balance.participation),
            "modal_pinjaman": money(figures.balance.borrowed),
            "tunggakan": money(figures.arrears),
        }


def _change(this, last):
    """`naik 12,5%`, `turun 3%` or `tetap`, of an amount against last year's; dots where that was nothing or less."""
    if last <= 0:
        return BLANK
    percent = round(100 * (this - last) / last, 1)
    return f"{'naik' if percent > 0 else 'turun'} {indonesian.percent(abs(percent))}" if percent else "tetap"
