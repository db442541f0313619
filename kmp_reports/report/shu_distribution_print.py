from decimal import Decimal
from itertools import count
from types import SimpleNamespace
from typing import NamedTuple

from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.kmp_membership.report import indonesian

from .shu_distribution import Pool

# Beyond this a printed list is a book that nobody reads; the workbook lists everyone.
PRINTED_MEMBERS_LIMIT = 10_000
# What an A4 page of the list holds. A wkhtmltopdf without patched Qt (Debian's) does not repeat the
# heading of a table: there the list is cut here. The others cut it and repeat the heading themselves.
LINES_PER_PAGE = 56
NAME_LINE, NUMBER_LINE = 40, 15  # characters that surely fit into a line of the column
PICTURE_WIDTH = 100
FINAL = ("posted", "closed")


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


class ShuDistribution(models.AbstractModel):
    """What the print needs beside the document: pages of the list and the picture."""

    _inherit = "report.kmp_reports.shu_distribution"

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
            "signed": self._get_signatures(document.run),
            "is_listed": is_listed,
            "pages": [rows] if _wkhtml().is_patched_qt else list(self._paginate(rows)),
        }

    def _get_signatures(self, run):
        statutory = self.env["kmp.statutory"]
        return SimpleNamespace(
            signers=statutory._get_signers(run.company_id),
            place_and_date=statutory._get_place_and_date(run.company_id, run.state in FINAL),
        )

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

    def _render_picture(self, document):
        """The run's own waterfall, with Indonesian labels and exact amounts."""
        bars = list(self._get_bars(document))
        return self.env["ir.qweb"]._render("kmp_shu.waterfall", document.run._prepare_waterfall_values(bars))

    def _get_bars(self, document):
        if not document.surplus:
            return
        whole = Pool(
            0, None, -1, "surplus", None, "", "Sisa hasil usaha", Decimal(100), document.surplus, Decimal()
        )
        yield self._prepare_bar(document, whole, Decimal())
        starts = {}
        for pool in document.pools:
            if pool.class_id:
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
