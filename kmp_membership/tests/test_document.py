import doctest
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.kmp_membership.report import document_xlsx, indonesian, pages

from .common import MembershipCase


@tagged("post_install", "-at_install")
class TestDocument(MembershipCase):
    def test_doctests(self):
        for module in (indonesian, pages, document_xlsx):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_words(self):
        for value, text in (
            (0, "nol"),
            (10, "sepuluh"),
            (17, "tujuh belas"),
            (100, "seratus"),
            (999, "sembilan ratus sembilan puluh sembilan"),
            (1_999, "seribu sembilan ratus sembilan puluh sembilan"),
            (1_000_000, "satu juta"),
            (2_003_000_011, "dua miliar tiga juta sebelas"),
            (100_000_000_000_000, "seratus triliun"),
        ):
            self.assertEqual(indonesian.words(value), text)

    def test_money(self):
        self.assertEqual(indonesian.money(Decimal("-1234567.5"), self.idr), "(Rp1.234.567,50)")

    def test_pages_lose_no_row(self):
        rows = list(range(1000))
        cut = pages.paginate(rows, lambda row: 20 + row % 7 * 13)
        self.assertEqual([row for page in cut for row in page], rows)
        for place, page in enumerate(cut):
            self.assertLessEqual(
                sum(20 + row % 7 * 13 for row in page), pages.OTHER_PAGE if place else pages.FIRST_PAGE
            )
