from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.report import indonesian

from .shu_check import DIFFERENT, NOT_POSTED, Check

FETCH_SIZE = 5_000
STATES = {
    "computed": "Dihitung, belum disetujui",
    "approved": "Disetujui, belum diposting",
    "posted": "Diposting",
    "closed": "Diposting dan selesai dibayarkan",
    "reversed": "Dibatalkan dengan jurnal balik",
}


class Pool(NamedTuple):
    """A row of the waterfall: its percent is of the row above it, its residual what rounding left."""

    id: int
    parent_id: int | None
    level: int
    kind: str
    class_id: int | None
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
        return self.run.state in ("posted", "closed")

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
        return Pool(0, None, level, "residual", None, "", name, None, amount, Decimal())

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
    def _get_documents(self, runs):
        """The documents of the runs, one by one.

        Raises AccessError for who may not read a run, UserError for a run that is a draft.
        """
        # A report may be reached with sudo: the rights that count are those of the user.
        runs = runs.sudo(flag=False)
        runs.check_access("read")
        self.env["kmp.shu.share"].sudo(flag=False).check_access("read")
        self._check_printable(runs)
        self.env.flush_all()
        for run in runs:
            yield self._get_document(run)

    def _check_printable(self, runs):
        if not runs.exists():
            raise UserError(self.env._("Choose the SHU distribution to print."))
        for run in runs.filtered(lambda run: run.state in ("draft", "computing")):
            raise UserError(
                self.env._(
                    "%(run)s is not computed yet: there is nothing to print. Open it and compute it first.",
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
                SELECT pool.id, pool.parent_id, pool.level, pool.kind, class.id,
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
                SQL('GROUP BY class.id ORDER BY class.sequence, class.code COLLATE "C"'),
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
            SQL('ORDER BY class.sequence, class.code COLLATE "C", share.number COLLATE "C"'),
        )
        cursor = SQL.identifier(f"kmp_shu_members_{run.id}")
        self.env.execute_query(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", cursor, query))
        try:
            while rows := self.env.execute_query(SQL("FETCH %s FROM %s", FETCH_SIZE, cursor)):
                for row in rows:
                    yield Member(*row[:4], *map(Decimal, row[4:]))
        finally:  # also for a reader that stops before the end
            self.env.execute_query(SQL("CLOSE %s", cursor))
