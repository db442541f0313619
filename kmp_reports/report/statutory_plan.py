from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import in_indonesian

from .statutory_parts import AMOUNT, PERCENT, Column, Row, Table

SECTIONS = (
    ("A. Pendapatan", "Jumlah pendapatan", ("income", "income_other"), -1),
    (
        "B. Beban",
        "Jumlah beban",
        ("expense_direct_cost", "expense", "expense_depreciation", "expense_other"),
        1,
    ),
)
SURPLUS, OTHER = "SISA HASIL USAHA (A − B)", "C. Investasi dan perubahan modal"


class Planned(NamedTuple):
    """An account with this year's budget, what really moved, and next year's budget; debit less credit."""

    label: str
    account_type: str
    budget: Decimal
    actual: Decimal
    proposed: Decimal


class StatutoryPlan(models.AbstractModel):
    """Rencana kerja dan rencana anggaran (RAPB): the year's budget against what became of it, and the budget of the next year.

    Budgets are MIS Builder's, by account. This year's is what was confirmed; next year's is put before the meeting, so a draft counts.
    A budget that the year cuts through counts for neither year, and is named.
    """

    _name = "kmp.statutory.plan"
    _description = "Rencana Kerja dan Anggaran"
    _inherit = "kmp.statutory"

    _title = "RENCANA KERJA DAN RENCANA ANGGARAN"
    _sheet = "Rencana dan anggaran"

    def _fill(self, document):
        self._fill_texts(document, "plan")
        next_from = document.date_to + timedelta(days=1)
        next_to = document.company.compute_fiscalyear_dates(next_from)["date_to"]
        this = self._read_budget(document.company, document.date_from, document.date_to, ["confirmed"])
        proposed = self._read_budget(document.company, next_from, next_to, ["draft", "confirmed"])
        document.parts.append(self._get_table(document, self._join(document, this, proposed), next_to))
        if not this:
            document.notices.append(f"Anggaran tahun {document.date_to.year} yang disahkan tidak ada.")
        if not proposed:
            document.notices.append(f"Rencana anggaran tahun {next_to.year} belum dibuat.")
        document.notices += self._get_cut_notices(document.company, document.date_to)

    def _read_budget(self, company, date_from, date_to, states):
        """{account id: budgeted balance} of the items within a period. Query budget: one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.account_id, SUM(item.balance)::text
                  FROM mis_budget_by_account_item item JOIN mis_budget_by_account budget ON budget.id = item.budget_id
                 WHERE item.company_id = %s AND budget.state = ANY(%s) AND budget.active
                   AND item.date_from >= %s AND item.date_to <= %s
                 GROUP BY 1
                """,
                company.id,
                states,
                date_from,
                date_to,
            )
        )
        return {account_id: Decimal(balance) for account_id, balance in rows}

    def _get_cut_notices(self, company, date_to):
        cut = self.env["mis.budget.by.account.item"].search(
            [("company_id", "=", company.id), ("date_from", "<=", date_to), ("date_to", ">", date_to)]
        )
        return [
            f"Anggaran {budget.name} melewati akhir tahun buku dan tidak dihitung."
            for budget in cut.budget_id.filtered(lambda budget: budget.state != "cancelled")
        ]

    def _join(self, document, this, proposed):
        """Accounts of income and expense that moved or were planned, and all others that were planned, by code."""
        previous = self._get_previous_year(document.company, document.date_from)
        period = document.company, document.date_from, document.date_to
        totals = {total.id: total for total in self.env["kmp.account.totals"]._read_totals(*period, previous)}
        # sudo: names of accounts, for whoever may read the document
        accounts = in_indonesian(self.env["account.account"].sudo().with_company(document.company))
        accounts = accounts.browse({*this, *proposed, *(key for key, row in totals.items() if row.is_result)})
        planned = [
            Planned(
                f"{account.code} {account.name}",
                account.account_type,
                this.get(account.id, Decimal()),
                totals[account.id].movement if account.id in totals else Decimal(),
                proposed.get(account.id, Decimal()),
            )
            for account in accounts.sorted("code")
        ]
        return [row for row in planned if row.budget or row.actual or row.proposed]

    def _get_table(self, document, planned, next_to):
        rows, sums = [], []
        for title, sum_label, types, sign in SECTIONS:
            lines = [row for row in planned if row.account_type in types]
            sums.append(self._add_up(lines, sign))
            rows.append(Row((title, *[None] * 5), "group"))
            rows += [self._get_row(row.label, *self._add_up([row], sign), level=1) for row in lines]
            rows.append(self._get_row(sum_label, *sums[-1], kind="sum"))
        surplus = [income - expense for income, expense in zip(*sums, strict=True)]
        rows.append(self._get_row(SURPLUS, *surplus, kind="total"))
        results = [kind for _title, _sum, types, _sign in SECTIONS for kind in types]
        others = [row for row in planned if row.account_type not in results]
        if others:
            rows.append(Row((OTHER, *[None] * 5), "group"))
            rows += [self._get_row(row.label, *self._add_up([row], 1), level=1) for row in others]
        return Table("Anggaran dan realisasi", self._get_columns(document.date_to.year, next_to.year), rows)

    def _add_up(self, lines, sign):
        return [sign * sum((row[place] for row in lines), Decimal()) for place in (2, 3, 4)]

    def _get_row(self, label, budget, actual, proposed, kind="", level=0):
        percent = (100 * actual / budget).quantize(Decimal("0.1")) if budget else None
        return Row((label, budget, actual, actual - budget, percent, proposed), kind, level)

    def _get_columns(self, year, next_year):
        return [
            Column("Akun", 32),
            Column(f"Anggaran {year}", 15, AMOUNT),
            Column(f"Realisasi {year}", 15, AMOUNT),
            Column("Selisih", 15, AMOUNT),
            Column("%", 8, PERCENT),
            Column(f"Rencana {next_year}", 15, AMOUNT),
        ]
