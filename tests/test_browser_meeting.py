"""The entry at the door in a real Chromium: a scanner types number after number with Enter, and a phone films a card."""

import tempfile
import unittest
from pathlib import Path

import pytest
from browser import CHROMIUM, NO_CHROMIUM, PHONE, BrowserMixin
from PIL import Image
from reportlab.graphics.barcode.qr import QrCodeWidget

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.kmp_membership.tests.common import MembershipCase

MODULE, FILM = 12, (640, 480)  # pixels


class DoorCase(BrowserMixin, MembershipCase, HttpCase):
    """A meeting of three members, of whom two are a quorum."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for number in ("A-1", "A-2", "A-3"):
            cls._create_member(f"Member {number}", number)
        rule = cls.env["kmp.voting.rule"].create(
            {"name": "Votes", "date_from": "2025-01-01", "quorum_total": "2/3"}
        )
        rule.action_put_into_force()
        cls.meeting = cls.env["kmp.meeting"].create(
            {
                "name": "RAT",
                "rule_id": rule.id,
                "date": fields.Datetime.add(fields.Datetime.now(), days=1),
                "agenda_ids": [Command.create({"name": "Accounts"})],
            }
        )
        cls.meeting.action_convene()

    def _stand_at_the_door(self, page):
        page.click(".nav-link:has-text('Attendance')")
        page.wait_for_selector(".kmp_attendance_scan input:focus")

    def _get_present(self):
        return sorted(self.meeting.attendance_ids.roll_id.mapped("number"))


@pytest.mark.browser
@tagged("post_install", "-at_install")
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
class TestScan(DoorCase):
    def test_cards_are_scanned_one_after_the_other(self):
        with self.browse_as(self.clerk, f"/odoo/meetings/{self.meeting.id}") as page:
            self._stand_at_the_door(page)
            for text in ("A-1", "A-1", "A-2", "X-9"):
                page.keyboard.type(text)
                page.keyboard.press("Enter")
            page.wait_for_selector(".kmp_attendance_scan .alert-danger:has-text('X-9 is not on the roll')")
            shown = page.locator(".kmp_attendance_scan .alert").all_inner_texts()
            page.wait_for_selector(".kmp_quorum:has-text('2 / 3')")
        self.assertEqual(
            shown,
            [
                "X-9 is not on the roll of this meeting.",
                "Member A-2 · Producers",
                "Member A-1 is here already.",
                "Member A-1 · Producers",
            ],
        )
        self.assertEqual(self._get_present(), ["A-1", "A-2"])
        self.assertTrue(self.meeting.is_quorate)


@pytest.mark.browser
@tagged("post_install", "-at_install")
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
class TestCamera(DoorCase):
    """The camera sees the card of A-2 all the time, and it is one card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        film = Path(cls.enterClassContext(tempfile.TemporaryDirectory()), "card.mjpeg")
        draw_card("A-2").save(film, "JPEG")
        cls.arguments = (
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        )

    def test_the_camera_of_a_phone(self):
        with self.browse_as(self.clerk, f"/odoo/meetings/{self.meeting.id}", PHONE) as page:
            self._stand_at_the_door(page)
            camera = page.get_by_title("Scan with the camera")
            camera.click()
            page.wait_for_selector(".kmp_attendance_scan .alert-success:has-text('Member A-2')")
            page.wait_for_selector(".kmp_quorum:has-text('1 / 3')")
            camera.click()
            page.wait_for_selector(".kmp_attendance_camera", state="detached")
            self.assertEqual(page.locator(".kmp_attendance_scan .alert").count(), 1)
        self.assertEqual(self._get_present(), ["A-2"])


def draw_card(number):
    """The QR code of a member card, as a camera sees it."""
    code = QrCodeWidget(number, barLevel="M").qr
    code.make()
    film = Image.new("L", FILM, "white")
    modules = code.modules
    edge = MODULE * len(modules)
    left, top = ((side - edge) // 2 for side in FILM)
    for row, line in enumerate(modules):
        for column, is_black in enumerate(line):
            if is_black:
                x, y = left + MODULE * column, top + MODULE * row
                film.paste("black", (x, y, x + MODULE, y + MODULE))
    return film.convert("RGB")
