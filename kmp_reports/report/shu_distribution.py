from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.base.models.ir_actions_report import _wkhtml

from . import indonesian

FETCH_SIZE = 5_000
# Beyond this a printed list is a book that nobody reads; the workbook lists everyone.
PRINTED_MEMBERS_LIMIT = 10_000
# What an A4 page of the list holds. A wkhtmltopdf without patched Qt (Debian's) does not repeat the
# heading of a table: there the list is cut here. The others cut it and repeat the heading themselves.
LINES_PER_PAGE = 56
NAME_LINE, NUMBER_LINE = 40, 15  # characters that surely fit into a line of the column
PICTURE_WIDTH = 100
OK, DIFFERENT, NOT_POSTED = "OK", "BEDA", "belum diposting"
STATES = {
    "computed": "Dihitung, belum disetujui",
    "approved": "Disetujui, belum diposting",
    "posted": "Diposting",
    "reversed": "Dibatalkan dengan jurnal balik",
}


class Pool(NamedTuple):
    """A row of the waterfall: its percent is of the row above it, its residual what rounding left."""

    id: int
    parent_id: int | None
    level: int
    kind: str
    is_class: bool
    code: str
    name: str
    percent: Decimal | None
    amount: Decimal
    residual: Decimal


class ClassTotal(NamedTuple):
    id: int | None
    code: str
    name: str
    count: int
    capital: Decimal
    patronage: Decimal
    total: Decimal

    @property
    def label(self):
        return f"{self.code} {self.name}".strip()

    @property
    def sum_label(self):
        name = self.label if self.id else "seluruhnya"
        return f"Jumlah {name} ({indonesian.count(self.count)} anggota)"


class Member(NamedTuple):
    class_code: str
    class_name: str
    number: str
    name: str
    capital: Decimal
    patronage: Decimal
    total: Decimal


class ListRow(NamedTuple):
    """A printed row of the list: the heading of a class, a member, the sums of a class or of all."""

    kind: str
    place: int | None
    number: str
    name: str
    amounts: tuple[Decimal, ...] = ()

    @property
    def lines(self):
        return max(1, -(-len(self.name) // NAME_LINE), -(-len(self.number) // NUMBER_LINE))


class Entry(NamedTuple):
    """The posted entry as the ledger has it: `payable` is credited for the members."""

    name: str
    date: date
    debit: Decimal
    payable: Decimal


@dataclass(frozen=True)
class Check:
    """One tie-out: two sides that must be equal. A side is None while there is no entry."""

    name: str
    left_name: str
    left: Decimal
    right_name: str
    right: Decimal | None

    @property
    def difference(self):
        return None if self.right is None else self.left - self.right

    @property
    def status(self):
        if self.right is None:
            return NOT_POSTED
        return DIFFERENT if self.difference else OK


@dataclass(frozen=True)
class Document:
    """Everything the Pembagian SHU of one run says, except its members, who are streamed."""

    run: models.BaseModel
    facts: list[tuple[str, str]]
    surplus: Decimal
    root_residual: Decimal
    residual: Decimal
    pools: list[Pool]
    classes: list[ClassTotal]
    checks: list[Check]

    @property
    def is_final(self):
        return self.run.state == "posted"

    @property
    def ties(self):
        return all(check.status != DIFFERENT for check in self.checks)

    @property
    def rows(self):
        """The waterfall from top to bottom, with a row for what rounding left at a node."""
        yield from self._walk(None)
        if self.root_residual:
            yield self._prepare_residual(0, "sisa hasil usaha", self.root_residual)

    def _walk(self, parent_id):
        for pool in self.pools:
            if pool.parent_id == parent_id:
                yield pool
                yield from self._walk(pool.id)
                if pool.residual:
                    yield self._prepare_residual(pool.level + 1, pool.name, pool.residual)

    def _prepare_residual(self, level, of, amount):
        name = f"Sisa pembulatan {of}"
        return Pool(0, None, level, "residual", False, "", name, None, amount, Decimal())

    @property
    def member_count(self):
        return sum(total.count for total in self.classes)

    @property
    def grand_total(self):
        return ClassTotal(
            None,
            "",
            "",
            self.member_count,
            *(sum((row[place] for row in self.classes), Decimal()) for place in (4, 5, 6)),
        )


class ShuDistribution(models.AbstractModel):
    """Pembagian SHU: the values of the document, computed once for the workbook and the print.

    The text is Indonesian whatever the user's language: it is a statutory document, and Indonesian
    need not be an installed language. Names that have an Indonesian translation use it.

    Amounts are `numeric` from PostgreSQL to `Decimal`; none passes through a float. The ledger side
    of each check is summed from the journal items themselves. Query budget: nine statements and
    one per 5,000 members.
    """

    _name = "report.kmp_reports.shu_distribution"
    _description = "Pembagian SHU"

    @api.model
    def _get_report_values(self, docids, data=None):
        runs = self.env["kmp.shu.run"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": runs._name,
            "docs": runs,
            "documents": [self._prepare_printed_document(doc) for doc in self._get_documents(runs)],
            "money": indonesian.money,
            "number": indonesian.number,
            "percent": indonesian.percent,
            "count": indonesian.count,
        }

    @api.model
    def _get_page_label(self, runs):
        """What stands at the foot of each page: the hash, when the pages are of one run."""
        return f"{runs.name}  {runs.hash_short}" if len(runs) == 1 else ""

    def _prepare_printed_document(self, document):
        is_listed = document.member_count <= PRINTED_MEMBERS_LIMIT
        members = self._iter_members(document.run) if is_listed else ()
        rows = list(self._get_list_rows(document, members))
        return {
            "doc": document,
            "picture": self._render_picture(document),
            "is_listed": is_listed,
            "pages": [rows] if _wkhtml().is_patched_qt else list(self._paginate(rows)),
        }

    def _get_list_rows(self, document, members):
        """The printed list from top to bottom; without `members` the sums alone."""
        members, places = iter(members), count(1)
        for total in document.classes:
            first = next(members, None)
            if first:
                yield ListRow("class", None, "", total.label)
            for place in range(total.count if first else 0):
                member = next(members) if place else first
                yield ListRow("member", next(places), member.number, member.name, member[-3:])
            yield ListRow("sum", None, "", total.sum_label, total[-3:])
        grand_total = document.grand_total
        yield ListRow("total", None, "", grand_total.sum_label, grand_total[-3:])

    def _paginate(self, rows):
        """Pages of rows; the heading of a class goes with its first member."""
        page, lines = [], 0
        for row in rows:
            needed = row.lines + (row.kind == "class")
            if lines + needed > LINES_PER_PAGE:
                yield page
                page, lines = [], 0
            page.append(row)
            lines += row.lines
        yield page

    @api.model
    def _get_documents(self, runs):
        """The documents of the runs, one by one.

        Raises AccessError for who may not read a run, UserError for a run that is a draft.
        """
        # A report may be reached with sudo: the rights that count are those of the user.
        runs = runs.sudo(False)
        runs.check_access("read")
        self.env["kmp.shu.share"].sudo(False).check_access("read")
        self._check_printable(runs)
        self.env.flush_all()
        for run in runs:
            yield self._get_document(run)

    def _check_printable(self, runs):
        if not runs.exists():
            raise UserError(self.env._("Choose the SHU distribution to print."))
        for run in runs.filtered(lambda run: run.state == "draft"):
            raise UserError(
                self.env._(
                    "%(run)s is still a draft: there is nothing to print. Open it and compute it first.",
                    run=run.name,
                )
            )

    def _get_document(self, run):
        surplus, distributed, residual = self._read_totals(run)
        pools = self._read_pools(run)
        classes = self._read_classes(run)
        entry = self._read_entry(run, run.move_id)
        return Document(
            run=run,
            facts=list(self._get_facts(run, entry)),
            surplus=surplus,
            root_residual=surplus - sum(pool.amount for pool in pools if not pool.parent_id),
            residual=residual,
            pools=pools,
            classes=classes,
            checks=list(self._get_checks(run, surplus, distributed, residual, pools, classes, entry)),
        )

    def _get_facts(self, run, entry):
        run_sudo = run.sudo()  # who computed and approved is part of the document
        yield "Tahun buku", f"{indonesian.date(run.date_from)} s.d. {indonesian.date(run.date_to)}"
        yield "Keputusan rapat anggota", run.resolution or "(belum ada)"
        yield "Skema pembagian", run.scheme_id.name
        yield "Status", STATES[run.state]
        yield "Dihitung oleh", run_sudo.computed_by_id.name
        yield "Disetujui oleh", run_sudo.approved_by_id.name or "(belum disetujui)"
        yield "Jurnal", f"{entry.name}, {indonesian.date(entry.date)}" if entry else f"({NOT_POSTED})"
        yield "Sidik digital", run.hash_short
        yield "SHA-256", run.hash

    # What the run says

    def _read_totals(self, run):
        [row] = self.env.execute_query(
            SQL(
                """
                SELECT surplus::text, distributed::text, residual::text
                  FROM kmp_shu_run WHERE id = %s
                """,
                run.id,
            )
        )
        return map(Decimal, row)

    def _read_pools(self, run):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pool.id, pool.parent_id, pool.level, pool.kind, class.id IS NOT NULL,
                       COALESCE(class.code, pool.code),
                       CASE WHEN class.id IS NULL THEN COALESCE(line.name->>'id_ID', pool.name)
                            ELSE COALESCE(class.name->>'id_ID', pool.name) END,
                       pool.percent::text, COALESCE(pool.amount, 0)::text,
                       COALESCE(pool.residual, 0)::text
                  FROM kmp_shu_pool pool
                  JOIN kmp_shu_scheme_line line ON line.id = pool.scheme_line_id
             LEFT JOIN kmp_stakeholder_class class ON class.id = pool.class_id
                 WHERE pool.run_id = %s
                 ORDER BY pool.line_sequence, class.sequence NULLS FIRST, class.code COLLATE "C"
                """,
                run.id,
            )
        )
        return [Pool(*row[:7], *map(Decimal, row[7:])) for row in rows]

    def _get_share_query(self, run, columns: SQL, tail: SQL) -> SQL:
        return SQL(
            """
            SELECT %(columns)s
              FROM kmp_shu_share share
              JOIN res_partner partner ON partner.id = share.partner_id
         LEFT JOIN kmp_stakeholder_class class ON class.id = share.class_id
             WHERE share.run_id = %(run)s
             %(tail)s
            """,
            columns=columns,
            run=run.id,
            tail=tail,
        )

    def _get_class_name(self) -> SQL:
        return SQL("COALESCE(class.name->>'id_ID', class.name->>'en_US', '')")

    def _read_classes(self, run):
        rows = self.env.execute_query(
            self._get_share_query(
                run,
                SQL(
                    """
                    class.id, COALESCE(class.code, ''), %s, COUNT(*), SUM(share.capital_amount)::text,
                    SUM(share.patronage_amount)::text, SUM(share.amount)::text
                    """,
                    self._get_class_name(),
                ),
                SQL("GROUP BY class.id ORDER BY class.sequence, class.code COLLATE \"C\""),
            )
        )
        return [ClassTotal(*row[:4], *map(Decimal, row[4:])) for row in rows]

    def _iter_members(self, run):
        """The members of a run by class and number, read from the server in batches."""
        query = self._get_share_query(
            run,
            SQL(
                """
                COALESCE(class.code, ''), %s, share.number, COALESCE(partner.name, ''),
                share.capital_amount::text, share.patronage_amount::text, share.amount::text
                """,
                self._get_class_name(),
            ),
            SQL("ORDER BY class.sequence, class.code COLLATE \"C\", share.number COLLATE \"C\""),
        )
        cursor = SQL.identifier(f"kmp_shu_members_{run.id}")
        self.env.execute_query(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", cursor, query))
        try:
            while rows := self.env.execute_query(SQL("FETCH %s FROM %s", FETCH_SIZE, cursor)):
                for row in rows:
                    yield Member(*row[:4], *map(Decimal, row[4:]))
        finally:  # also for a reader that stops before the end
            self.env.execute_query(SQL("CLOSE %s", cursor))

    # What the ledger says. Totals only, for whoever may read the run: they may lack the right to
    # read journal items one by one.

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

    # The picture

    def _render_picture(self, document):
        """The run's own waterfall, with Indonesian labels and exact amounts."""
        bars = list(self._get_bars(document))
        return self.env["ir.qweb"]._render(
            "kmp_shu.waterfall", document.run._prepare_waterfall_values(bars)
        )

    def _get_bars(self, document):
        if not document.surplus:
            return
        whole = Pool(0, None, -1, "surplus", False, "", "Sisa hasil usaha", Decimal(100), document.surplus, Decimal())
        yield self._prepare_bar(document, whole, Decimal())
        starts = {}
        for pool in document.pools:
            if pool.is_class:
                continue
            start = starts.get(pool.parent_id, Decimal())
            starts[pool.parent_id] = start + pool.amount
            starts[pool.id] = start
            yield self._prepare_bar(document, pool, start)

    def _prepare_bar(self, document, pool, start):
        """Places are percent of the surplus; they are floats because they are a picture."""
        return {
            "name": pool.name,
            "kind": pool.kind,
            "level": pool.level + 1,
            "start": float(PICTURE_WIDTH * start / document.surplus),
            "width": float(PICTURE_WIDTH * pool.amount / document.surplus),
            "label": indonesian.money(pool.amount, document.run.currency_id),
        }
