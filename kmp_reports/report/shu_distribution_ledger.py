from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from . import indonesian
from .shu_check import Check


class Entry(NamedTuple):
    """The posted entry as the ledger has it: `payable` is credited for the members."""

    name: str
    date: date
    debit: Decimal
    payable: Decimal


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
                       COALESCE(SUM(line.balance) FILTER (WHERE account.account_type LIKE 'expense%%'), 0)::text
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
        """The entry by its journal items, or None."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.name, move.date, SUM(line.debit)::text,
                       COALESCE(SUM(line.credit - line.debit) FILTER (WHERE line.account_id = (%s)), 0)::text
                  FROM account_move move JOIN account_move_line line ON line.move_id = move.id
                 WHERE move.id = %s AND line.parent_state = 'posted'
                 GROUP BY move.id
                """,
                self._get_payable_account_query(run),
                move.id or None,
            )
        )
        return next((Entry(*row[:2], *map(Decimal, row[2:])) for row in rows), None)

    def _get_payable_account_query(self, run) -> SQL:
        """The account that the entry credits for the members, also when the setting has changed since:
        of the accounts that belong to no reserve or fund, the one credited most."""
        return SQL(
            """
            SELECT credited.account_id
              FROM account_move_line credited
             WHERE credited.move_id = %s AND credited.credit > 0
               AND credited.account_id NOT IN (
                   SELECT account_id FROM kmp_shu_scheme_line
                    WHERE scheme_id = %s AND account_id IS NOT NULL)
             GROUP BY credited.account_id
             ORDER BY SUM(credited.credit) DESC LIMIT 1
            """,
            run.move_id.id or None,
            run.scheme_id.id,
        )

    def _read_payable_by_class(self, run, classes):
        """What the entry credits each class: the lines of its members, or its own line."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT share.class_id, CASE WHEN share.id IS NULL THEN line.name END,
                       SUM(line.credit - line.debit)::text
                  FROM account_move_line line
             LEFT JOIN kmp_shu_share share
                    ON share.run_id = %(run)s AND share.partner_id = line.partner_id
                 WHERE line.move_id = %(move)s AND line.parent_state = 'posted'
                   AND line.account_id = (%(account)s)
                 GROUP BY 1, 2
                 ORDER BY MIN(line.id)
                """,
                run=run.id,
                move=run.move_id.id or None,
                account=self._get_payable_account_query(run),
            )
        )
        amounts = {class_id: Decimal(amount) for class_id, _name, amount in rows if class_id}
        lines = [(name or "", Decimal(amount)) for class_id, name, amount in rows if not class_id]
        return amounts | self._match_class_lines(run, classes, lines)

    def _match_class_lines(self, run, classes, lines):
        """Class lines carry no key: they are known by the class's name in them, and where it was
        renamed since, by their order, which is that of the classes."""
        amounts, unmatched = {}, []
        names = self._read_class_names(classes) if lines else {}
        for line_name, amount in lines:
            matches = [total for total in classes if any(f"{name}:" in line_name for name in names[total.id])]
            if matches:
                longest = max(matches, key=lambda total: max(map(len, names[total.id])))
                amounts[longest.id] = amounts.get(longest.id, Decimal()) + amount
            else:
                unmatched.append(amount)
        left = [total.id for total in classes if total.total and total.id not in amounts]
        return amounts | dict(zip(left, unmatched, strict=False))

    def _read_class_names(self, classes):
        """Every translation of the name of each class."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id, name FROM kmp_stakeholder_class WHERE id IN %s",
                tuple(total.id for total in classes if total.id) or (0,),
            )
        )
        return {None: set()} | {class_id: set(names.values()) for class_id, names in rows}

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
            "SHU yang dibagi",
            surplus,
            "Buku besar: debit jurnal",
            entry.debit if entry else None,
        )
        yield Check(
            "Jurnal: utang SHU = daftar anggota",
            "Jumlah daftar per anggota",
            shares,
            "Buku besar: kredit utang SHU",
            entry.payable if entry else None,
        )
        yield from self._get_class_checks(run, classes, entry)
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

    def _get_class_checks(self, run, classes, entry):
        credited = self._read_payable_by_class(run, classes) if entry else {}
        for total in classes:
            yield Check(
                f"Utang SHU per kelompok: {total.label}",
                f"Daftar: {indonesian.count(total.count)} anggota",
                total.total,
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
