from odoo.tests import tagged

from ..report.statutory_pages import PORTRAIT, SHORT, paginate
from ..report.statutory_parts import AMOUNT, Column, Row, Table
from .statutory_common import StatutoryCase


@tagged("post_install", "-at_install")
class TestStatutoryPages(StatutoryCase):
    """Tables on pages: no row is lost, none is cut, and a heading stays with its first row."""

    def _make(self, count):
        rows = [
            Row((f"Kelompok {n}" if n % 10 == 0 else "x" * n, None), "group" if n % 10 == 0 else "")
            for n in range(count)
        ]
        return Table("", [Column("Nama", 60), Column("Jumlah", 40, AMOUNT)], rows)

    def test_pages(self):
        self.assertEqual(len(paginate(self._make(SHORT))), 1)
        table = self._make(200)
        for is_landscape in (False, True):
            pages = paginate(table, is_landscape)
            self.assertEqual([row for page in pages for row in page], table.rows)
            self.assertNotIn("group", [page[-1].kind for page in pages])
            self.assertLessEqual(max(map(len, pages)), PORTRAIT[0])
            self.assertGreater(len(pages), 3)
            below_heading = paginate(table, is_landscape, is_first=True)
            self.assertLess(len(below_heading[0]), len(pages[0]))
            self.assertEqual([row for page in below_heading for row in page], table.rows)
