from psycopg2 import IntegrityError

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

MEETING = "/my/meeting/<int:meeting_id>"
BALLOT = "/ballot/<int:resolution_id>"
MEETINGS_STEP = 20
FORM_SIZE = 64 * 1024  # bytes: no form here carries a file
REFUSED = 409
# What a member does changes something, so it is sent by a form of ours (POST, CSRF token), never by a link.
FORM = {"type": "http", "website": True, "methods": ["POST"], "max_content_length": FORM_SIZE}
PAGE = {"type": "http", "website": True, "methods": ["GET"], "readonly": True}


class MeetingPortal(CustomerPortal):
    """Meetings as a member sees them. What they show comes from ``kmp.meeting.roll._get_own``; a guessed id is not found."""

    # ---------------------------------------------------------------- home

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if {"kmp_meeting_count", "kmp_vote_count"} & set(counters):
            meetings = request.env["kmp.meeting.roll"]._get_own().meeting_id
            values["kmp_meeting_count"] = len(meetings)
            values["kmp_vote_count"] = sum(len(meeting._get_open_ballots()) for meeting in meetings)
        return values

    def _get_own_rows(self, meeting_id):
        """The user's rows of the roll of a meeting; the answer to any other id is that there is no such page."""
        rows = request.env["kmp.meeting.roll"]._get_own(meeting_id)
        if not rows:
            raise request.not_found()
        return rows.with_company(rows.company_id)

    def _prepare_meeting_page(self, meeting, page_name, /, **values):
        """The values that every page of a meeting has: the logo of its co-operative, and where the page stands."""
        return {
            **self._prepare_portal_layout_values(),
            "res_company": meeting.company_id,
            "title": meeting.company_id.name,
            "page_name": page_name,
            "meeting": meeting._prepare_portal_link(),
            **values,
        }

    # ---------------------------------------------------------------- pages

    @http.route(["/my/meetings", "/my/meetings/page/<int:page>"], auth="user", **PAGE)
    def meetings(self, page=1, **_kwargs):
        meetings = request.env["kmp.meeting.roll"]._get_own().meeting_id
        pages = pager("/my/meetings", len(meetings), page=page, step=MEETINGS_STEP)
        shown = meetings[pages["offset"] :][:MEETINGS_STEP]
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "kmp_meetings",
            "meetings": [meeting._prepare_portal_summary() for meeting in shown],
            "pager": pages,
        }
        return request.render("kmp_meeting.portal_meetings", values)

    @http.route(MEETING, auth="user", **PAGE)
    def meeting(self, meeting_id, **_kwargs):
        rows = self._get_own_rows(meeting_id)
        meeting = rows.meeting_id
        values = self._prepare_meeting_page(meeting, "kmp_meeting", **meeting._prepare_portal_page(rows))
        return request.render("kmp_meeting.portal_meeting", values)

    @http.route(f"{MEETING}/document/<int:attachment_id>", auth="user", **PAGE)
    def document(self, meeting_id, attachment_id, **_kwargs):
        """A document of the convocation, always as a download: nothing that somebody uploaded runs in a member's browser."""
        documents = self._get_own_rows(meeting_id).meeting_id.attachment_ids
        document = documents.filtered(lambda each: each.id == attachment_id)
        if not document:
            raise request.not_found()
        return request.env["ir.binary"]._get_stream_from(document).get_response(as_attachment=True)

    @http.route(f"{MEETING}/minutes", auth="user", **PAGE)
    def minutes(self, meeting_id, **_kwargs):
        """The minutes as they were signed."""
        meeting = self._get_own_rows(meeting_id).meeting_id
        if meeting.state != "signed" or not meeting.minutes_file:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            meeting, "minutes_file", filename=meeting.minutes_file_name
        )
        return stream.get_response(as_attachment=True)

    # ---------------------------------------------------------------- what a member says

    @http.route(f"{MEETING}/answer", auth="user", **FORM)
    def answer(self, meeting_id, roll_id="", answer="", **_kwargs):
        """Say for one of the user's memberships whether the member comes."""
        rows = self._get_own_rows(meeting_id).filtered(lambda row: str(row.id) == roll_id)
        if not rows:
            raise request.not_found()
        if not rows._answer(answer):
            return self._refuse(meeting_id, request.env._("The meeting does not ask any more who will come."))
        return request.redirect(f"/my/meeting/{meeting_id}")

    @http.route(f"{MEETING}/vote/<int:resolution_id>", auth="user", **FORM)
    def vote(self, meeting_id, resolution_id, roll_id="", choice="", **_kwargs):
        """Cast one vote. The receipt of a secret one is shown in this very answer and nowhere else: neither the session nor an address may
        know both who votes and the token."""
        rows = self._get_own_rows(meeting_id)
        resolution = rows.meeting_id.resolution_ids.filtered(lambda each: each.id == resolution_id)
        if not resolution:
            raise request.not_found()
        candidates = request.httprequest.form.getlist("candidate")
        try:
            with request.env.cr.savepoint():
                row, token = resolution._cast_own(rows, roll_id, choice, candidates)
        except UserError as error:
            return self._refuse(meeting_id, str(error))
        except IntegrityError:
            # The same vote in two requests at the same instant: the other one was first.
            return self._refuse(meeting_id, request.env._("This vote has been cast already."))
        if not row:
            raise request.not_found()
        return self._render_receipt(resolution, row, token)

    def _render_receipt(self, resolution, row, token):
        values = self._prepare_meeting_page(
            resolution.meeting_id,
            "kmp_receipt",
            resolution={"name": resolution.name, "check_url": f"/ballot/{resolution.id}"},
            voter={"number": row.number, "name": row.name},
            token=token or "",
        )
        return request.render("kmp_meeting.portal_receipt", values, headers={"Cache-Control": "no-store"})

    def _refuse(self, meeting_id, message):
        meeting = self._get_own_rows(meeting_id).meeting_id
        values = self._prepare_meeting_page(meeting, "kmp_refused", message=message)
        return request.render("kmp_meeting.portal_refused", values, status=REFUSED)

    # ---------------------------------------------------------------- is my ballot counted?

    @http.route(BALLOT, auth="public", sitemap=False, **PAGE)
    def ballot(self, resolution_id, **_kwargs):
        """Asks for a receipt. Without signing in, so that nothing joins the voter and the ballot; and the same for every number, so that it
        does not tell which votes there are."""
        return request.render("kmp_meeting.portal_ballot", {"resolution_id": resolution_id})

    @http.route(BALLOT, auth="public", sitemap=False, **FORM)
    def find_ballot(self, resolution_id, token="", **_kwargs):
        values = {"resolution_id": resolution_id, "is_asked": True}
        # sudo: the token is the right to see this one ballot
        resolution = request.env["kmp.meeting.resolution"].sudo().browse(resolution_id).exists()
        ballot = resolution and resolution._find_ballot(token)
        if ballot:
            values["ballot"] = {
                "resolution": resolution.display_name,
                "meeting": resolution.meeting_id.name,
                "choice": resolution._describe_choice(ballot.choice),
                "class_name": ballot.class_id.name,
            }
        return request.render("kmp_meeting.portal_ballot", values, headers={"Cache-Control": "no-store"})
