import base64

from odoo import Command
from odoo.tests import new_test_user, tagged

from .portal_common import MeetingPortalCase


@tagged("post_install", "-at_install")
class TestMeetingPortal(MeetingPortalCase):
    """What a member reads and answers before and after the meeting."""

    def test_a_draft_is_nobodys_business(self):
        meeting = self._create_meeting(self.rule)
        self._sign_in(self.user_ani)
        self.assertNotIn("RAT 2025", self._read("/my/meetings"))
        self.assertEqual(self._get(f"/my/meeting/{meeting.id}").status_code, 404)

    def test_the_convocation(self):
        meeting = self._create_meeting(
            self.rule,
            location="Balai Desa",
            online_url="https://meet.example.com",
            description="<p>Please read the report.</p>",
        )
        self._create_resolution(meeting, name="Accounts of the year", text="<p>We accept them.</p>")
        meeting.action_convene()
        self._sign_in(self.user_ani)
        self.assertIn("RAT 2025", self._read("/my/meetings"))
        text = self._read(f"/my/meeting/{meeting.id}")
        for part in (
            "Balai Desa",
            "https://meet.example.com",
            "Please read the report.",
            "Accounts of the year",
            "We accept them.",
            "PRD 1",
            "PRD-1",
            "Will you come?",
        ):
            self.assertIn(part, text)
        self.assertNotIn("PRD 2", text, "the others on the roll are not shown")

    def test_pages_carry_the_logo_of_their_co_operative(self):
        """Whatever company the user belongs to."""
        meeting = self._create_meeting(self.rule)
        meeting.action_convene()
        self.user_ani.write(
            {"company_ids": [Command.set(self.other_company.ids)], "company_id": self.other_company.id}
        )
        self._sign_in(self.user_ani)
        logo = f"/logo.png?company={self.company.id}"
        self.assertIn(logo, self.url_open(f"/my/meeting/{meeting.id}").text)
        refused = self._send_form(f"/my/meeting/{meeting.id}/answer", roll_id=self._row(meeting, self.ani).id)
        self.assertEqual(refused.status_code, 409)
        self.assertIn(logo, refused.text)

    def test_in_indonesian(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.env["ir.module.module"].search([("name", "=", "kmp_meeting")])._update_translations(["id_ID"])
        url_code = self.env["res.lang"]._get_data(code="id_ID").url_code
        meeting = self._create_meeting(self.rule)
        meeting.action_convene()
        self._sign_in(self.user_ani)
        url = f"/{url_code}/my/meeting/{meeting.id}"
        self.assertIn("Apakah Anda akan hadir?", self._read(url))
        row = self._row(meeting, self.ani)
        self.assertEqual(self._send_form(f"{url}/answer", roll_id=row.id, answer="coming").status_code, 303)
        self.assertEqual(row.answer, "coming")

    def test_home_counts(self):
        meeting = self._open_meeting(self.rule)
        self._open_vote(meeting)
        self._sign_in(self.user_ani)
        counters = {"counters": ["kmp_meeting_count", "kmp_vote_count"]}
        self.assertEqual(
            self.make_jsonrpc_request("/my/counters", counters), {"kmp_meeting_count": 1, "kmp_vote_count": 1}
        )
        self.assertIn("/my/meetings", self.url_open("/my").text)

    def test_say_whether_one_comes(self):
        meeting = self._create_meeting(self.rule)
        meeting.action_convene()
        row, other = self._row(meeting, self.ani), self._row(meeting, self.budi)
        url = f"/my/meeting/{meeting.id}/answer"
        self._sign_in(self.user_ani)
        self.assertEqual(self._send_form(url, roll_id=row.id, answer="coming").status_code, 303)
        self.assertEqual((row.answer, meeting.coming_count), ("coming", 1))
        self._send_form(url, roll_id=row.id, answer="absent")
        self.assertEqual((row.answer, meeting.coming_count), ("absent", 0))
        self.assertEqual(self._send_form(url, roll_id=other.id, answer="coming").status_code, 404)
        self.assertEqual(self._send_form(url, roll_id=row.id, answer="maybe").status_code, 409)
        self.assertEqual(self._send_form(url, answer="coming").status_code, 404)
        self.assertEqual((row.answer, other.answer), ("absent", False))
        self._attend(meeting)
        meeting.action_open()
        self.assertEqual(self._send_form(url, roll_id=row.id, answer="coming").status_code, 409)
        self.assertEqual(row.answer, "absent")

    def test_documents_are_downloads_of_this_meeting_only(self):
        hostile = '<img src=x onerror=alert(1)>".html'
        meeting, other = self._create_meeting(self.rule), self._create_meeting(self.rule, name="Other")
        for each, name in ((meeting, hostile), (other, "secret.txt")):
            each.attachment_ids = [
                Command.create({"name": name, "datas": base64.b64encode(b"<script>alert(1)</script>")})
            ]
        meeting.action_convene()
        self._sign_in(self.user_ani)
        page = self.url_open(f"/my/meeting/{meeting.id}").text
        self.assertNotIn("<img src=x", page)
        self.assertIn("&lt;img src=x", page)
        response = self._get(f"/my/meeting/{meeting.id}/document/{meeting.attachment_ids.id}")
        self.assertEqual((response.status_code, response.content), (200, b"<script>alert(1)</script>"))
        self.assertTrue(response.headers["Content-Disposition"].startswith("attachment"))
        for guessed in (other.attachment_ids.id, 10**9, 1):
            self.assertEqual(self._get(f"/my/meeting/{meeting.id}/document/{guessed}").status_code, 404)

    def test_hostile_text_is_text(self):
        hostile = "<script>alert('x')</script>"
        self.ani.partner_id.name = hostile
        meeting = self._create_meeting(
            self.rule,
            name=hostile,
            location=hostile,
            agenda_ids=[Command.create({"name": hostile, "description": hostile})],
        )
        self._create_resolution(meeting, name=hostile, text=f"<p>fine</p>{hostile}")
        meeting.action_convene()
        self._sign_in(self.user_ani)
        for path in ("/my/meetings", f"/my/meeting/{meeting.id}"):
            page = self.url_open(path).text
            self.assertIn("&lt;script&gt;", page)
            self.assertNotIn("<script>alert", page)

    def test_decisions_and_minutes(self):
        chair, secretary = self.members[self.producers][2:4]
        meeting = self._open_meeting(self.rule, chair_id=chair.id, secretary_id=secretary.id)
        vote = self._create_resolution(meeting, method="hands", name="Budget")
        vote.action_open_vote()
        self._count(vote, PRD=(5, 0, 0), CNS=(1, 3, 0), INV=(2, 0, 0))
        vote.action_close_vote()
        meeting.action_close()
        self._sign_in(self.user_ani)
        text = self._read(f"/my/meeting/{meeting.id}")
        self.assertRegex(text, "Budget Carried")
        self.assertIn("How it was counted", text)
        self.assertEqual(self._get(f"/my/meeting/{meeting.id}/minutes").status_code, 404)
        meeting.action_sign_chair()
        meeting.with_user(self.second_officer).action_sign_secretary()
        self.assertIn(meeting.minutes_hash, self._read(f"/my/meeting/{meeting.id}"))
        response = self._get(f"/my/meeting/{meeting.id}/minutes")
        self.assertEqual(
            response.content, base64.b64decode(meeting.with_context(bin_size=False).minutes_file)
        )
        self.assertTrue(response.headers["Content-Disposition"].startswith("attachment"))

    def test_guessed_addresses(self):
        meeting = self._open_meeting(self.rule, kind="class", class_id=self.consumers.id, name="RA Konsumen")
        vote = self._open_vote(meeting)
        paths = ("", "/minutes", "/document/1")
        for user in (self.user_ani, self._stranger()):
            self._sign_in(user)
            self.assertNotIn("RA Konsumen", self._read("/my/meetings"))
            for path in paths:
                self.assertEqual(self._get(f"/my/meeting/{meeting.id}{path}").status_code, 404)
            for path in ("/answer", f"/vote/{vote.id}"):
                for row in meeting.roll_ids.ids:
                    response = self._send_form(
                        f"/my/meeting/{meeting.id}{path}", roll_id=row, choice="yes", answer="coming"
                    )
                    self.assertEqual(response.status_code, 404)
        self.assertFalse(vote.voter_ids)
        self.assertFalse(any(meeting.roll_ids.mapped("answer")))

    def _stranger(self):
        return new_test_user(self.env, "stranger", groups="base.group_portal")

    def test_who_is_not_signed_in_is_asked_to(self):
        meeting = self._open_meeting(self.rule)
        self.authenticate(None, None)
        for path in ("/my/meetings", f"/my/meeting/{meeting.id}", f"/my/meeting/{meeting.id}/minutes"):
            response = self._get(path)
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login", response.headers["Location"])

    def test_a_legal_entity_is_represented(self):
        speaker = self.env["res.partner"].create({"name": "Speaker"})
        self.citra.write({"representative_id": speaker.id})
        user = new_test_user(self.env, "speaker", groups="base.group_portal", partner_id=speaker.id)
        meeting = self._open_meeting(self.rule)
        vote = self._open_vote(meeting)
        self._sign_in(user)
        self.assertIn("CNS 1", self._read(f"/my/meeting/{meeting.id}"))
        self.assertEqual(self._vote(vote, self.citra).status_code, 200)
        self.assertEqual(vote.voter_ids.number, "CNS-1")
