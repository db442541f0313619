from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .payout_common import PayoutCase


@tagged("post_install", "-at_install")
class TestCashList(PayoutCase):
    """The printed list on which members sign for their share."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In the order of the numbers, whoever was written first.
        cls.first.partner_id.name, cls.second.partner_id.name = "Wulan <b>Sari</b>", "Ani Wijaya"

    def render(self, payout, user=None):
        report = self.env["ir.actions.report"].with_user(user or self.clerk)
        return report._render_qweb_html("kmp_shu.cash_list_report", payout.ids)[0].decode()

    def test_a_clerk_prints_who_gets_how_much_and_who_signs(self):
        html = self.render(self.confirm(self.prepare(self.post_run())))
        for text in ("SHU 2025", "380,00", "321,00", "Rp701,00", "2 orang", "Kasir", "Bendahara", "Ketua"):
            self.assertIn(text, html)
        self.assertIn("Wulan &lt;b&gt;Sari&lt;/b&gt;", html)
        self.assertLess(html.index("Wulan"), html.index("Ani Wijaya"))

    def test_once_posted_only_who_has_the_money_is_on_it(self):
        payout = self.confirm(self.prepare(self.post_run()))
        self.lines(payout)["A-2"].with_user(self.clerk).action_settle()
        self.assertIn("Wulan", self.render(payout))
        payout.action_post()
        html = self.render(payout)
        self.assertNotIn("Wulan", html)
        self.assertIn("Rp321,00", html)

    def test_a_draft_and_a_list_too_long_are_refused(self):
        payout = self.prepare(self.post_run())
        with self.assertRaisesRegex(UserError, payout.name):
            self.render(payout, self.accountant)
        self.confirm(payout)
        with (
            patch("odoo.addons.kmp_shu.report.cash_list.PRINTED_LINES_LIMIT", 1),
            self.assertRaisesRegex(
                UserError, "has 2 members, and a print up to 1. Prepare a payout per class"
            ),
        ):
            self.render(payout)

    def test_another_company_prints_nothing(self):
        payout = self.confirm(self.prepare(self.post_run()))
        with self.assertRaises(AccessError):
            self.render(payout, self.other_officer)
