"""The entry at the door in a real Chromium: a clerk shows card after card to the scanner, who types the number and Enter."""

import unittest

import pytest
from browser import CHROMIUM, NO_CHROMIUM, BrowserMixin

from odoo import Command, fields
from odoo.tests import HttpCase, tagged

from odoo.addons.kmp_membership.tests.common import MembershipCase

PATIENCE = 60_000  # milliseconds; the first page builds its style sheets


@pytest.mark.browser
@tagged("post_install", "-at_install")
@unittest.skipUnless(CHROMIUM, NO_CHROMIUM)
class TestScan(BrowserMixin, MembershipCase, HttpCase):
    def test_cards_are_scanned_one_after_the_other(self):
        for number in ("A-1", "A-2", "A-3"):
            self._create_member(f"Member {number}", number)
        rule = self.env["kmp.voting.rule"].create(
            {"name": "Votes", "date_from": "2025-01-01", "quorum_total": "2/3"}
        )
        rule.action_put_into_force()
        meeting = self.env["kmp.meeting"].create(
            {
                "name": "RAT",
                "rule_id": rule.id,
                "date": fields.Datetime.add(fields.Datetime.now(), days=1),
                "agenda_ids": [Command.create({"name": "Accounts"})],
            }
        )
        meeting.action_convene()
        with self.browse_as(self.clerk, f"/odoo/meetings/{meeting.id}") as page:
            page.set_default_timeout(PATIENCE)
            page.click(".nav-link:has-text('Attendance')")
            page.wait_for_selector(".kmp_attendance_scan input:focus")
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
        self.assertEqual(sorted(meeting.attendance_ids.roll_id.mapped("number")), ["A-1", "A-2"])
        self.assertTrue(meeting.is_quorate)
