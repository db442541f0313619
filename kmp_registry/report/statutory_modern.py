from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from odoo import models

from odoo.addons.kmp_membership.tools import in_indonesian
from odoo.addons.kmp_reports.models.coop_figures import Year, YearFigures
from odoo.addons.kmp_reports.report.shu_check import Check
from odoo.addons.kmp_reports.report.statutory_parts import AMOUNT, COUNT, PERCENT, Column, Row, Table

from ..models.registry_sales import ABROAD, OTHER_PROVINCE, SAME_CITY, SAME_PROVINCE, UNKNOWN

MOST_PRODUCTS = 10
YEARS = 5
TENTH = Decimal("0.1")  # of a percent
REGIONS = {
    SAME_CITY: "Kabupaten/kota yang sama",
    SAME_PROVINCE: "Kabupaten/kota lain di provinsi yang sama",
    OTHER_PROVINCE: "Provinsi lain",
    ABROAD: "Luar negeri",
    UNKNOWN: "Alamat pelanggan tidak dicatat",
}
LENDERS = {
    "lpdb": "Pinjaman LPDB",
    "bank": "Pinjaman bank",
    "cooperative": "Pinjaman koperasi lain",
    "member": "Pinjaman anggota",
    "government": "Pinjaman pemerintah",
    "village": "Pinjaman desa",
    "private": "Pinjaman pihak lain",
}


class Facts(NamedTuple):
    """What the sheet is made of, for one year; `loans` is {kind of source: balance}, `savings` of members on deposit."""

    figures: YearFigures
    sales: list
    loans: dict
    savings: Decimal


class StatutoryModern(models.AbstractModel):
    """Indikator koperasi modern: product mix, markets, off-takers, financing mix and growth, this year beside the last one.

    Percentages of the turnover and of the assets of the ledger; what cannot be told apart is shown as such and not left out.
    """

    _name = "kmp.statutory.modern"
    _description = "Indikator Koperasi Modern"
    _inherit = "kmp.statutory"

    _title = "INDIKATOR KOPERASI MODERN"
    _sheet = "Indikator"
    _is_signed = False

    def _fill(self, document):
        years = self._get_years(document)
        figures = self.env["kmp.coop.figures"]._get_figures(document.company, years)
        before, now = (self._read_facts(document.company, each) for each in figures[-2:])
        document.parts += [
            self._get_summary_table(figures, before, now),
            self._get_product_table(now),
            self._get_market_table(now),
            self._get_contract_table(now),
            self._get_financing_table(now),
            self._get_growth_table(figures),
        ]
        document.checks += self._get_checks(now)

    def _get_years(self, document):
        years = [Year(document.date_from, document.date_to)]
        while len(years) < YEARS:
            years.insert(0, Year(*self._get_previous_year(document.company, years[0].date_from)))
        return years

    def _read_facts(self, company, figures):
        fundings = self.env["kmp.funding"].with_context(active_test=False)
        fundings = fundings.search([("company_id", "=", company.id), ("capital_type", "=", "loan")])
        loans = Counter()
        for statement in fundings._read_statements(company, *figures.year):
            loans[statement.funding.source_type] += statement.closing
        share_types = self.env["kmp.share.type"].browse(figures.capital)
        savings = share_types.filtered(lambda share_type: share_type.kind in ("voluntary", "term"))
        return Facts(
            figures,
            self.env["kmp.registry.sales"]._get_sales(company, *figures.year),
            loans,
            sum((figures.capital[each.id] for each in savings), Decimal()),
        )

    # The summary

    def _get_summary_table(self, figures, before, now):
        columns = [
            Column("Indikator", 56),
            Column("Tahun ini (%)", 22, PERCENT),
            Column("Tahun lalu (%)", 22, PERCENT),
        ]
        rows = zip(
            self._get_indicators(now, figures[-2]), self._get_indicators(before, figures[-3]), strict=True
        )
        return Table("A. Ringkasan", columns, [Row((*value, last)) for value, (_name, last) in rows])

    def _get_indicators(self, facts, previous):
        """[(name, percent or None)] of a year."""
        figures, turnover, balance = facts.figures, facts.figures.turnover, facts.figures.balance
        products, regions = self._sum_products(facts), self._sum_regions(facts)
        known = turnover - regions[UNKNOWN]
        others = None if figures.member_turnover is None else turnover - figures.member_turnover
        growth = figures.member_count - previous.member_count
        return [
            (
                "Kelompok produk terbesar terhadap volume usaha",
                self._percent(max(products.values(), default=0), turnover),
            ),
            ("Volume usaha dengan non-anggota", self._percent(others, turnover)),
            (
                "Penjualan ke luar kabupaten/kota, bila alamat diketahui",
                self._percent(known - regions[SAME_CITY], known),
            ),
            (
                "Penjualan berdasarkan kontrak (offtaker)",
                self._percent(sum(self._sum_contracts(facts).values()), turnover),
            ),
            ("Modal sendiri terhadap aset", self._percent(balance.own, balance.assets)),
            ("Pinjaman LPDB terhadap aset", self._percent(facts.loans["lpdb"], balance.assets)),
            ("Pertumbuhan jumlah anggota", self._percent(growth, previous.member_count)),
        ]

    def _percent(self, part, whole):
        """To a tenth; None where there is nothing to compare with."""
        if part is None or whole <= 0:
            return None
        return (100 * Decimal(part) / whole).quantize(TENTH)

    def _sum_products(self, facts):
        """{name of the product group: amount}, the largest first."""
        sums = Counter()
        categories, accounts = self.env["product.category"].sudo(), self.env["account.account"].sudo()
        for sale in facts.sales:  # sudo: names, for whoever may read the turnover
            category = categories.browse(sale.category_id)
            name = category.complete_name or in_indonesian(accounts.browse(sale.account_id)).name
            sums[name] += sale.amount
        return dict(sums.most_common())

    def _sum_regions(self, facts):
        sums = Counter()
        for sale in facts.sales:
            sums[sale.region] += sale.amount
        return sums

    def _sum_contracts(self, facts):
        """{id of the off-taker: amount}, the largest first."""
        sums = Counter()
        for sale in facts.sales:
            if sale.contract_id:
                sums[sale.contract_id] += sale.amount
        return dict(sums.most_common())

    # The tables

    def _get_share_table(self, title, heading, rows, whole, empty="Tidak ada."):
        """Amounts and their part of `whole`, with the sum."""
        columns = [Column(heading, 52), Column("Jumlah", 30, AMOUNT), Column("%", 18, PERCENT)]
        lines = [Row((name, amount, self._percent(amount, whole))) for name, amount in rows]
        if lines:
            total = sum((amount for _name, amount in rows), Decimal())
            lines.append(Row(("Jumlah", total, self._percent(total, whole)), "total"))
        return Table(title, columns, lines, empty=empty)

    def _get_product_table(self, facts):
        products = list(self._sum_products(facts).items())
        rows, others = products[:MOST_PRODUCTS], products[MOST_PRODUCTS:]
        if others:
            rows.append((f"{len(others)} kelompok lain", sum(amount for _name, amount in others)))
        return self._get_share_table("B. Ragam produk", "Kelompok produk", rows, facts.figures.turnover)

    def _get_market_table(self, facts):
        regions = self._sum_regions(facts)
        rows = [(name, regions[region]) for region, name in REGIONS.items() if regions[region]]
        return self._get_share_table("C. Pasar", "Tujuan penjualan", rows, facts.figures.turnover)

    def _get_contract_table(self, facts):
        # sudo: the name and the number of the contract, for whoever may read the turnover
        customers = self.env["res.partner"].sudo()
        rows = []
        for customer_id, amount in self._sum_contracts(facts).items():
            customer = customers.browse(customer_id)
            rows.append((f"{customer.name}, kontrak {customer.kmp_offtake_contract}", amount))
        return self._get_share_table(
            "D. Offtaker",
            "Pembeli dengan kontrak",
            rows,
            facts.figures.turnover,
            "Tidak ada penjualan berdasarkan kontrak.",
        )

    def _get_financing_table(self, facts):
        balance, loans = facts.figures.balance, facts.loans
        rows = [
            ("Modal sendiri", balance.own),
            ("Modal penyertaan", balance.participation),
            ("Simpanan sukarela dan berjangka anggota", facts.savings),
            *((name, loans[kind]) for kind, name in LENDERS.items()),
            ("Kewajiban lain", balance.borrowed - facts.savings - sum(loans.values())),
        ]
        rows = [(name, amount) for name, amount in rows if amount]
        return self._get_share_table("E. Pembiayaan pada akhir tahun buku", "Sumber", rows, balance.assets)

    def _get_growth_table(self, figures):
        columns = [
            Column("Akhir tahun buku", 40),
            Column("Anggota", 30, COUNT),
            Column("Pertumbuhan (%)", 30, PERCENT),
        ]
        previous = [None, *(each.member_count for each in figures)]
        rows = [
            Row((str(each.year.date_to.year), each.member_count, self._grow(each.member_count, last)))
            for each, last in zip(figures, previous, strict=False)
        ]
        return Table("F. Pertumbuhan anggota", columns, rows)

    def _grow(self, count, last):
        return self._percent(count - last, last) if last else None

    def _get_checks(self, facts):
        sold = sum((sale.amount for sale in facts.sales), Decimal())
        yield Check(
            "Ragam produk = volume usaha", "Jumlah menurut produk", sold, "Buku besar", facts.figures.turnover
        )
        balance = facts.figures.balance
        sources = balance.own + balance.participation + balance.borrowed
        yield Check("Pembiayaan = aset", "Jumlah sumber", sources, "Aset", balance.assets)
