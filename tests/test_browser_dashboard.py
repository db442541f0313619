"""The dashboard in a real browser: every card is drawn, and a column leads to its records; also on a phone."""

import unittest

import pytest
from browser import CHROMIUM, NO_CHROMIUM, PHONE, BrowserMixin

from odoo.tests import HttpCase, tagged

from odoo.addons.kmp_shu.tests.test_shu_run import ShuRunCase

CARDS = ("dates", "members", "capital", "turnover", "surplus", "arrears")


@pytest.mark.browser
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
@tagged("post_install", "-at_install")
class TestDashboardInBrowser(BrowserMixin, ShuRunCase, HttpCase):
    def test_a_column_leads_to_its_records(self):
        with self.browse_as(self.officer, "/odoo/co-operative-dashboard") as page:
            for name in CARDS:
                page.locator(
                    f"section[name={name}][aria-busy=false], section[name={name}]:not([aria-busy])"
                ).wait_for()
            box = page.locator("section[name=members] canvas").bounding_box()
            self.assertGreater(box["height"], 200)
            capital = page.locator("section[name=capital]")
            self.assertIn("300", capital.locator("p").first.inner_text())
            # The last column, near its foot.
            page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.6)
            page.locator(".o_list_view .o_data_row").first.wait_for()
            self.assertEqual(page.locator(".o_data_row").count(), 2)

    def test_it_fits_a_phone(self):
        with self.browse_as(self.officer, "/odoo/co-operative-dashboard", PHONE) as page:
            page.locator("section[name=members] canvas").wait_for()
            width = page.evaluate("document.querySelector('.kmp_dashboard .o_content').scrollWidth")
            self.assertLessEqual(width, PHONE["width"])
            card = page.locator("section[name=members]").bounding_box()
            self.assertGreater(card["width"], 330)
