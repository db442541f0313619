import base64
import io
import shutil
import unittest

import lxml.html
import pypdf
import pytest

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_meeting import tally

from .common import MeetingCase

NO_PDF = "wkhtmltopdf is not installed: bin/setup --with pdf"


class MinutesCase(MeetingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(
            {
                cls.producers: {"weight": "2/5"},
                cls.consumers: {"weight": "2/5"},
                cls.investors: {"weight": "1/5"},
            },
            weight_source="fixed",
            transfer="winner",
        )
        cls.meeting = cls._open_meeting(cls.rule)
        cls.meeting.agenda_ids.discussion = "Ketua menjelaskan <b>laporan</b>."
        cls.motion = cls._create_resolution(
            cls.meeting, number="1/RAT/2026", agenda_id=cls.meeting.agenda_ids.id
        )
        cls.motion.action_open_vote()
        cls._count(cls.motion, PRD=(3, 2, 0), CNS=(1, 3, 0), INV=(1, 0, 1))
        cls.motion.action_close_vote()
        cls.meeting.write(
            {"chair_id": cls.members[cls.producers][0].id, "secretary_id": cls.members[cls.consumers][0].id}
        )

    def _html(self, report="minutes", user=None):
        reports = self.env["ir.actions.report"].with_user(user or self.clerk)
        return reports._render_qweb_html(f"kmp_meeting.{report}", self.meeting.ids)[0].decode()

    def _text(self, *args, **kwargs):
        return " ".join(lxml.html.fromstring(self._html(*args, **kwargs)).text_content().split())


@tagged("post_install", "-at_install")
class TestMinutes(MinutesCase):
    def test_what_was_recorded_in_indonesian(self):
        text = self._text()
        for part in (
            "BERITA ACARA DAN NOTULEN",
            "Rapat Anggota Tahunan",
            "Rapat memenuhi kuorum",
            self.meeting.roll_hash,
            "1/RAT/2026 Accounts",
            "setuju setuju 3/5 = 60% tidak 2/5 = 40%",
            "tidak setuju setuju 1/4 = 25% tidak 3/4 = 75%",
            "Setuju: 20% + 40% = 60% (3/5)",
            "DITERIMA : mayoritas tercapai",
            self.motion.tally_hash,
            "LAMPIRAN: DAFTAR HADIR",
            "PRD-5",
        ):
            self.assertIn(part, text.replace("DITERIMA:", "DITERIMA :"))
        self.assertNotIn("<b>laporan</b>", self._html())

    def test_the_attendance_list_has_everybody_on_the_roll(self):
        text = self._text("attendance_list")
        self.assertEqual(sum(f" {row.number} " in text for row in self.meeting.roll_ids), 11)
        self.assertIn("DAFTAR HADIR", text)
        empty = self._create_meeting(self.rule)
        with self.assertRaisesRegex(UserError, "no electoral roll yet"):
            self.env["ir.actions.report"].with_user(self.clerk)._render_qweb_html(
                "kmp_meeting.attendance_list", empty.ids
            )

    def test_no_minutes_before_the_meeting(self):
        meeting = self._create_meeting(self.rule)
        with self.assertRaisesRegex(UserError, "there are no minutes yet"):
            self.env["ir.actions.report"].with_user(self.clerk)._render_qweb_html(
                "kmp_meeting.minutes", meeting.ids
            )

    def test_who_reads_the_minutes(self):
        for user in (self.outsider, self.other_officer):
            with self.assertRaises(AccessError):
                self._html(user=user)
        for user in (self.clerk, self.supervisor, self.auditor):
            self.assertIn("BERITA ACARA", self._html(user=user))

    def test_two_people_sign(self):
        with self.assertRaisesRegex(UserError, "is open"):
            self.meeting.action_sign_chair()
        self.meeting.action_close()
        self.meeting.action_sign_chair()
        self.assertEqual(self.meeting.state, "closed")
        with self.assertRaisesRegex(UserError, "you have signed already"):
            self.meeting.action_sign_secretary()
        with self.assertRaisesRegex(UserError, "signature is there already"):
            self.meeting.action_sign_chair()
        for user in (self.clerk, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                self.meeting.with_user(user).action_sign_secretary()

    def test_minutes_that_are_being_signed_do_not_change(self):
        self.meeting.action_close()
        self.meeting.proceedings = "<p>Dibuka oleh ketua</p>"
        self.meeting.action_sign_chair()
        with self.assertRaisesRegex(UserError, "Withdraw the signature"):
            self.meeting.proceedings = "x"
        with self.assertRaisesRegex(UserError, "Withdraw the signature"):
            self.meeting.agenda_ids.discussion = "x"
        self.meeting.action_withdraw_signature()
        self.meeting.proceedings = "<p>Dibuka pukul 09.00</p>"

    def test_chair_and_secretary_are_named_first(self):
        self.meeting.secretary_id = False
        self.meeting.action_close()
        with self.assertRaisesRegex(UserError, "name the chair and the secretary"):
            self.meeting.action_sign_chair()


@pytest.mark.pdf
@tagged("post_install", "-at_install")
@unittest.skipUnless(shutil.which("wkhtmltopdf"), NO_PDF)
class TestSignedMinutes(MinutesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.meeting.action_close()
        cls.meeting.action_sign_chair()
        cls.meeting.with_user(cls.second_officer).action_sign_secretary()

    def test_the_file_is_what_was_signed(self):
        self.assertEqual(self.meeting.state, "signed")
        content = base64.b64decode(self.meeting.with_context(bin_size=False).minutes_file)
        self.assertEqual(tally.digest(content), self.meeting.minutes_hash)
        text = " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
        self.assertIn("BERITA ACARA DAN NOTULEN", text)
        self.assertIn("/minutes_file/", self.meeting.action_print_minutes()["url"])
        self.assertFalse(self.meeting.is_tampered)

    def test_nothing_changes_any_more(self):
        meeting = self.meeting
        for vals in (
            {"name": "x"},
            {"proceedings": "x"},
            {"chair_id": False},
            {"minutes_file": False},
            {"attachment_ids": [(5, 0, 0)]},
        ):
            with self.assertRaises(UserError):
                meeting.write(vals)
        for records, vals in (
            (meeting.agenda_ids, {"discussion": "x"}),
            (meeting.attendance_ids, {"holder_id": False}),
            (meeting.roll_ids, {"name": "x"}),
            (meeting.resolution_ids, {"name": "x"}),
            (meeting.resolution_ids.count_ids, {"yes": 1}),
        ):
            with self.assertRaises(UserError):
                records.with_user(self.officer).write(vals)
            with self.assertRaises(UserError):
                records.with_user(self.officer).unlink()
        with self.assertRaises(UserError):
            meeting.unlink()
        with self.assertRaises(UserError):
            meeting.action_withdraw_signature()
        meeting.message_post(body="A note stays possible")

    def test_another_file_is_noticed(self):
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "kmp.meeting"),
                    ("res_id", "=", self.meeting.id),
                    ("res_field", "=", "minutes_file"),
                ]
            )
        )
        attachment.raw = b"%PDF-1.4 other"
        self.meeting.invalidate_recordset()
        self.assertTrue(self.meeting.is_tampered)
