from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from odoo.addons.kmp_membership.report import indonesian

from .shu_check import Check


class Entry(NamedTuple):
    """The posted entry as the ledger has it: `debit` is its total, `surplus` what it takes from the
    undistributed surplus, `payable` what it credits the members."""

    name: str
    date: date
    debit: Decimal
    surplus: Decimal
    payable: Decimal


class Previous(NamedTuple):
    """What the run that a correction corrects gave: the entry of a correction carries the rest."""

    surplus: Decimal
    distributed: Decimal
    by_class: dict


class ShuDistribution(models.AbstractModel):
    """What the ledger says of a distribution, and the tie-out with it.

    Totals only, for whoever may read the run: they may lack the right to read journal items one by
    one.
    """

    _inherit = "report.kmp_reports.shu_distribution"

    def _read_income_and_expense(self, run):
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-SUM(line.balance) FILTER (WHERE account.account_type LIKE 'income%%'), 0)::text,
                       COALESCE(SUM(line.debit - line.credit) FILTER (WHERE account.account_type LIKE 'expense%%'), 0)::text
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.company_id = %s AND line.parent_state = 'posted'
                   AND line.date BETWEEN %s AND %s
                """,
                run.company_id.id,
                run.date_from,
                run.date_to,
            )
        )
        return map(Decimal, row)

    def _read_entry(self, run, move):
        """The entry by its journal items, or None. An item that is neither the members' nor on an
        account of the scheme is the surplus."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.name, move.date, SUM(line.debit)::text,
                       COALESCE(SUM(line.debit - line.credit) FILTER (
                           WHERE line.kmp_class_id IS NULL AND line.account_id NOT IN (
                               SELECT account_id FROM kmp_shu_scheme_line
                                WHERE scheme_id = %s AND account_id IS NOT NULL)), 0)::text,
                       COALESCE(SUM(line.credit - line.debit) FILTER (
                           WHERE line.account_id = (%s)), 0)::text
                  FROM account_move move JOIN account_move_line line ON line.move_id = move.id
                 WHERE move.id = %s AND line.parent_state = 'posted'
                 GROUP BY move.id
                """,
                run.scheme_id.id,
                self._get_payable_account_query(run),
                move.id or None,
            )
        )
        return next((Entry(*row[:2], *map(Decimal, row[2:])) for row in rows), None)

    def _get_payable_account_query(self, run) -> SQL:
        """The account of the members' items, also when the setting has changed since: theirs carry a
        class, and most of them lie there."""
        return SQL(
            """
            SELECT account_id FROM account_move_line
             WHERE move_id = %s AND kmp_class_id IS NOT NULL
             GROUP BY account_id ORDER BY SUM(debit + credit) DESC LIMIT 1
            """,
            run.move_id.id or None,
        )

    def _read_payable_by_class(self, run):
        """What the entry credits each class: the items of its members, or its own item."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT kmp_class_id, SUM(credit - debit)::text
                  FROM account_move_line
                 WHERE move_id = %s AND parent_state = 'posted' AND kmp_class_id IS NOT NULL
                   AND account_id = (%s)
                 GROUP BY 1
                """,
                run.move_id.id or None,
                self._get_payable_account_query(run),
            )
        )
        return {class_id: Decimal(amount) for class_id, amount in rows}

    def _read_previous(self, run):
        """What the corrected run gave; by class of the members' shares in this one."""
        [totals] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(MAX(surplus), 0)::text, COALESCE(MAX(distributed), 0)::text
                  FROM kmp_shu_run WHERE id = %s
                """,
                run.corrects_id.id or None,
            )
        )
        by_class = self.env.execute_query(
            SQL(
                """
                SELECT class_id, SUM(previous_amount)::text FROM kmp_shu_share
                 WHERE run_id = %s AND previous_amount IS NOT NULL GROUP BY 1
                """,
                run.id,
            )
        )
        return Previous(*map(Decimal, totals), {class_id: Decimal(amount) for class_id, amount in by_class})

    # Tie-out

    def _get_checks(self, run, surplus, distributed, residual, pools, classes, entry):
        income, expense = self._read_income_and_expense(run)
        yield Check(
            "SHU = pendapatan − beban tahun buku",
            "SHU yang dibagi",
            surplus,
            f"Buku besar: pendapatan {indonesian.money(income, run.currency_id)} "
            f"− beban {indonesian.money(expense, run.currency_id)}",
            income - expense,
        )
        previous = self._read_previous(run)
        own = sum((pool.amount for pool in pools if pool.kind in ("reserve", "fund")), Decimal())
        shares = sum((total.total for total in classes), Decimal())
        yield Check(
            "SHU = cadangan dan dana + bagian anggota + sisa pembulatan",
            "SHU yang dibagi",
            surplus,
            "Jumlah pos, daftar anggota, dan sisa",
            own + shares + residual,
        )
        yield Check(
            "Daftar anggota = bagian anggota",
            "Jumlah daftar per anggota",
            shares,
            "Pos jasa modal dan jasa usaha, tanpa sisa pembulatan",
            self._get_members_part(pools),
        )
        yield Check(
            "Jurnal: debit = SHU",
            "Selisih SHU dengan pembagian yang dikoreksi" if run.corrects_id else "SHU yang dibagi",
            surplus - previous.surplus,
            "Buku besar: debit jurnal",
            entry.surplus if entry else None,
        )
        yield Check(
            "Jurnal: utang SHU = daftar anggota",
            "Selisih daftar per anggota" if run.corrects_id else "Jumlah daftar per anggota",
            shares - previous.distributed,
            "Buku besar: kredit utang SHU",
            entry.payable if entry else None,
        )
        yield from self._get_class_checks(run, classes, entry, previous)
        if run.reversal_move_id:
            yield self._get_reversal_check(run, entry)

    def _get_members_part(self, pools):
        """The pools that members share, less what rounding left in them."""
        parents = {pool.parent_id for pool in pools}
        return sum(
            (
                pool.amount - pool.residual
                for pool in pools
                if pool.kind in ("capital", "patronage") and pool.id not in parents
            ),
            Decimal(),
        )

    def _get_class_checks(self, run, classes, entry, previous):
        credited = self._read_payable_by_class(run) if entry else {}
        for total in classes:
            yield Check(
                f"Utang SHU per kelompok: {total.label}",
                f"Daftar: {indonesian.count(total.count)} anggota",
                total.total - previous.by_class.get(total.id, Decimal()),
                "Buku besar: kredit utang SHU kelompok",
                credited.get(total.id, Decimal()) if entry else None,
            )

    def _get_reversal_check(self, run, entry):
        reversal = self._read_entry(run, run.reversal_move_id)
        return Check(
            "Jurnal balik = jurnal pembagian",
            f"Buku besar: jurnal {entry.name}" if entry else "Buku besar: jurnal",
            entry.debit if entry else Decimal(),
            f"Buku besar: jurnal balik {reversal.name}" if reversal else "Buku besar: jurnal balik",
            reversal.debit if reversal else None,
        )
