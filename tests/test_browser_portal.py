"""A member's way through the portal in a real Chromium, on a phone and on a desktop.

Apply on the public page, be approved and pay the first share, get access, pay dues with Odoo's demo provider, vote in secret on the
surplus, find the ballot counted, see the own share, download its proof and check it with the verifier.
"""

import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import pytest
from browser import CHROMIUM, DESKTOP, NO_CHROMIUM, PHONE, BrowserMixin

from odoo.tests import HttpCase, tagged

from odoo.addons.kmp_shu.tests.test_shu_run import ShuRunCase
from odoo.addons.kmp_shu_meeting.tests.common import DecisionMixin

PASSWORD = "rahasia-2026-siti"  # noqa: S105 - chosen by the member of this test
IDENTITY_CARD = {"name": "ktp.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n identity card"}
PARTS = (
    "/documents",
    "/requests",
    "/requests/new/deposit",
    "/requests/new/data",
    "/requests/new/exit",
    "/business?year=2025",
)


class PortalInBrowser(BrowserMixin, DecisionMixin, ShuRunCase, HttpCase):
    viewport = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.kmp_applications_open = True
        cls.classes["K"].name = "Farmers"
        cls.compulsory = cls.wajib
        cls._set_up_dues()
        cls._set_up_provider()
        terms = {"class_id": cls.classes["K"].id, "date_from": "2025-01-01"}
        cls.env["kmp.share.term"].create(
            [
                terms | {"share_type_id": cls.pokok.id, "amount": 100_000, "frequency": "once"},
                terms | {"share_type_id": cls.wajib.id, "amount": 50_000, "frequency": "monthly"},
            ]
        )

    @classmethod
    def _set_up_dues(cls):
        cls.company.write(
            {
                "kmp_dues_receivable_account_id": cls._create_account(
                    "120001", "Piutang Simpanan", "asset_receivable"
                ).id,
                "kmp_dues_called_account_id": cls._create_account(
                    "120002", "Simpanan Belum Disetor", "asset_current"
                ).id,
                "kmp_dues_journal_id": cls.misc_journal.id,
                "transfer_account_id": cls._create_account("110009", "Online", "asset_current").id,
            }
        )

    @classmethod
    def _set_up_provider(cls):
        bank = cls._create_account("110002", "Bank", "asset_cash")
        cls.env["account.journal"].create(
            {
                "name": "Bank",
                "code": "BNK",
                "type": "bank",
                "company_id": cls.company.id,
                "default_account_id": bank.id,
            }
        )
        provider = cls.env.ref("payment.payment_provider_demo").copy({"company_id": cls.company.id})
        provider.write({"state": "test", "is_published": True})
        provider.payment_method_ids.active = True

    # ---------------------------------------------------------------- who does what

    def _apply(self):
        with self.browse_as(None, f"/membership/apply/{self.company.id}", self.viewport) as page:
            for name, text in (
                ("name", "Siti Aminah"),
                ("email", "siti@example.com"),
                ("phone", "0811 222 333"),
                ("street", "Jl. Mawar 1"),
                ("city", "Sleman"),
                ("national_id", "3404014567890001"),
                ("birth_date", "1990-05-17"),
            ):
                page.locator(f"#apply_{name}").fill(text)
            page.get_by_role("button", name="Apply").click()
            self.check_fits(page.get_by_text("Accept the by-laws and the use of your data"))
            page.get_by_label("Farmers").check()
            page.locator("input[name=accept]").check()
            page.locator("input[type=file]").set_input_files(IDENTITY_CARD)
            page.get_by_role("button", name="Apply").click()
            page.get_by_text("Thank you").wait_for()
        self.member = self.env["kmp.membership"].search([("is_from_outside", "=", True)])
        self.assertEqual((self.member.state, self.member.message_attachment_count), ("applicant", 1))

    def _approve(self):
        with self.browse_as(self.officer, f"/odoo/applications/{self.member.id}") as page:
            page.locator(".o_form_view").get_by_role("button", name="Approve", exact=True).click()
            page.get_by_label("Resolution Number").fill("012/SK/2026")
            page.locator(".modal footer").get_by_role("button", name="Confirm", exact=True).click()
            page.locator(".o_arrow_button_current", has_text="Approved").wait_for()
        self.env.invalidate_all()
        self._create_deposit(self.member, 100_000, self.pokok, "2025-02-01").with_user(
            self.officer
        ).action_post()
        self.assertEqual(self.member.state, "active")

    def _get_access(self):
        """The officer invites; the member opens the link of the mail and chooses a password."""
        wizard = self.env["portal.wizard"].with_user(self.officer)
        wizard = wizard.create({"partner_ids": [(6, 0, self.member.partner_id.ids)]})
        wizard.user_ids.action_grant_access()
        user = self.member.partner_id.user_ids
        self.assertTrue(user._is_portal())
        self.env.flush_all()
        link = self.member.partner_id._get_signup_url_for_action()[self.member.partner_id.id]
        with self.browse_as(None, link.removeprefix(self.base_url()), self.viewport) as page:
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("input[name=confirm_password]").fill(PASSWORD)
            page.locator("form button[type=submit]").click()
            page.locator(".o_portal_my_home").wait_for()
            page.get_by_text("Your card, capital, dues and documents").click()
            self.check_fits(page.locator("#kmp_card", has_text="Siti Aminah"))
        # `browse_as` signs in with the login as password.
        user.password = user.login
        return user

    def _pay_dues(self, user):
        run = self.env["kmp.contribution.run"].create(
            {"date_from": "2025-03-01", "date_to": "2025-03-31", "date": "2025-03-01"}
        )
        run.action_prepare()
        run.with_user(self.officer).action_bill()
        with self.browse_as(user, f"/my/membership/{self.member.id}", self.viewport) as page:
            page.get_by_text("Dues to pay").click()
            page.get_by_role("button", name="Pay online").click()
            self.check_fits(page.locator("#o_payment_form"))
            page.get_by_text("Demo", exact=True).first.click()
            page.locator("button[name=o_payment_submit_button]").click()
            self.check_fits(page.get_by_text("Nothing is open. Thank you."))
            page.goto(f"{self.base_url()}/my/membership/{self.member.id}/capital")
            self.check_fits(page.get_by_text("150,000").first)
        self.env.invalidate_all()
        self.assertEqual(self.member.dues_open, 0)
        self.assertEqual(self.member.paid_in_capital, 150_000)

    def _distribute(self, user):
        """The year is computed, the members decide on it, and what they have carried is posted."""
        self._import(self.basis, f"member,date,value\n{self.member.number},2025-05-05,200\n")
        year = self.compute()
        self._put_rules_into_force()
        resolution = self._propose(year, self._open_meeting(), number="04/RAT/2026", method="secret")
        resolution.action_open_vote()
        token = self._vote_by_hand(user, resolution)
        resolution.action_close_vote()
        self.assertEqual(
            (resolution.result, resolution.voter_ids.mapped("number")), ("carried", [self.member.number])
        )
        self._find_ballot(resolution, token)
        year.with_user(self.officer).action_approve()
        year.with_user(self.accountant).action_post()
        return year

    def _vote_by_hand(self, user, resolution):
        """From the portal's first page to the receipt."""
        # Read when no page is open: what a page asks for shares the test's cursor.
        meeting, motion = resolution.meeting_id.name, resolution.name
        with self.browse_as(user, "/my", self.viewport) as page:
            page.get_by_text("Votes are open").click()
            page.get_by_text(meeting, exact=True).click()
            vote = page.locator(".kmp_vote", has_text=motion)
            self.check_fits(vote)
            vote.get_by_role("button", name="Yes").click()
            receipt = page.locator("#kmp_receipt")
            self.check_fits(receipt)
            token = receipt.inner_text()
            page.get_by_text("Back to the meeting").click()
            page.locator(".kmp_vote", has_text="Voted").wait_for()
            self.assertEqual(page.locator(".kmp_vote form").count(), 0)
        return token

    def _find_ballot(self, resolution, token):
        """Nobody asks who looks."""
        with self.browse_as(None, f"/ballot/{resolution.id}", self.viewport) as page:
            page.locator("#kmp_token").fill(token)
            page.get_by_role("button", name="Look").click()
            self.check_fits(page.locator(".alert-success", has_text="Farmers: Yes"))

    def _check_share(self, user, year):
        root = year.proof_root  # read when no page is open, as above
        with self.browse_as(user, f"/my/membership/{self.member.id}", self.viewport) as page:
            page.get_by_text("Surplus (SHU)").click()
            share = page.get_by_role("link", name="SHU 2025")
            self.check_fits(share)
            share.click()
            self.check_fits(page.locator("#kmp_checks", has_text=root))
            proof = self._download(page, page.get_by_role("link", name="Download the proof").first)
            verifier = self._download(page, page.get_by_role("link", name="the verifier"))
        with tempfile.TemporaryDirectory() as folder:
            zipfile.ZipFile(verifier).extractall(folder)
            for claimed, expected in ((root, 0), ("0" * 64, 1)):
                command = [sys.executable, "-I", f"{folder}/engine/verify.py", proof, "--root", claimed]
                run = subprocess.run(command, check=False, capture_output=True, text=True)
                self.assertEqual(run.returncode, expected, run.stdout + run.stderr)

    def _download(self, page, link):
        with page.expect_download() as download:
            link.click()
        # The browser deletes what it downloaded when it is closed.
        path = Path(self.folder.name, download.value.suggested_filename)
        download.value.save_as(path)
        return path

    def _look_around(self, user):
        """The pages that nothing has led to so far."""
        with self.browse_as(user, f"/my/membership/{self.member.id}", self.viewport) as page:
            for part in PARTS:
                page.goto(f"{self.base_url()}/my/membership/{self.member.id}{part}")
                self.check_fits(page.locator("#wrap h3").first)

    def _go(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self._apply()
        self._approve()
        user = self._get_access()
        self._pay_dues(user)
        self._check_share(user, self._distribute(user))
        self._look_around(user)


@pytest.mark.browser
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
@tagged("post_install", "-at_install")
class TestPortalOnPhone(PortalInBrowser):
    viewport = PHONE

    def test_from_the_application_to_the_proof(self):
        self._go()


@pytest.mark.browser
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
@tagged("post_install", "-at_install")
class TestPortalOnDesktop(PortalInBrowser):
    viewport = DESKTOP

    def test_from_the_application_to_the_proof(self):
        self._go()
