from decimal import Decimal, InvalidOperation

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.member_request import CONTACT_FIELDS
from ..uploads import UploadError, read_uploads
from .portal import MEMBERSHIP, MembershipPortal

REQUESTS = f"{MEMBERSHIP}/requests"
KINDS = ("deposit", "data", "exit")
MAX_MESSAGE = 2000
MAX_TEXT = 150


class RequestPortal(MembershipPortal):
    """A member asks for a deposit, a change of data or the exit, and sees how the requests stand."""

    @http.route(REQUESTS, type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def requests(self, membership_id, **_kwargs):
        membership = self._get_own_membership(membership_id)
        values = self._prepare_membership_page(
            membership,
            "kmp_requests",
            entries=[each._prepare_portal_values() for each in membership.request_ids],
        )
        return request.render("kmp_membership.portal_requests", values)

    @http.route(
        f"{REQUESTS}/new/<string:kind>", type="http", auth="user", website=True, methods=["GET", "POST"]
    )
    def new_request(self, membership_id, kind, **form):
        """The form of a request; sent with what is not right, it says so and keeps what was entered."""
        membership = self._get_own_membership(membership_id)
        if kind not in KINDS:
            raise request.not_found()
        error = ""
        if request.httprequest.method == "POST":
            try:
                self._enter_request(membership, kind, form)
                return request.redirect(f"/my/membership/{membership.id}/requests")
            except UploadError as refused:
                error = membership._explain_upload(refused)
            except UserError as refused:
                error = refused.args[0]
        values = self._prepare_membership_page(
            membership,
            "kmp_request",
            kind=kind,
            form=form,
            error=error,
            **self._prepare_request_form(membership),
        )
        return request.render("kmp_membership.portal_request", values)

    def _prepare_request_form(self, membership):
        partner = membership.partner_id
        return {
            "share_types": [{"id": each.id, "name": each.name} for each in membership._get_deposit_types()],
            "known": {name: partner[name] or "" for name in CONTACT_FIELDS},
        }

    def _enter_request(self, membership, kind, form):
        """Read the form and enter the request, all or nothing."""
        files = request.httprequest.files.getlist("files")
        uploads = read_uploads([(file.filename, file.stream) for file in files])
        values = getattr(self, f"_read_request_{kind}")(membership, form)
        values["message"] = (form.get("message") or "")[:MAX_MESSAGE]
        with request.env.cr.savepoint():
            request.env["kmp.member.request"]._ask(membership, kind, values, uploads)

    def _read_request_deposit(self, _membership, form):
        chosen = form.get("share_type_id") or ""
        return {
            "share_type_id": int(chosen) if chosen.isdecimal() and len(chosen) < 10 else 0,
            "amount": self._read_request_amount(form.get("amount")),
        }

    def _read_request_amount(self, text):
        """What was entered as an amount, 0 for what is none."""
        try:
            amount = Decimal((text or "").strip())
        except InvalidOperation:
            return 0
        return float(amount) if amount.is_finite() and 0 < amount < 10**13 else 0

    def _read_request_data(self, membership, form):
        """What differs from what is known."""
        known = membership.partner_id
        entered = {name: " ".join((form.get(name) or "").split())[:MAX_TEXT] for name in CONTACT_FIELDS}
        return {
            f"new_{name}": value for name, value in entered.items() if value and value != (known[name] or "")
        }

    def _read_request_exit(self, _membership, form):
        try:
            day = fields.Date.to_date(form.get("wished_date") or None)
        except ValueError as error:
            raise UserError(request.env._("Enter the day on which you want to leave.")) from error
        return {"wished_date": day}

    @http.route(f"{REQUESTS}/<int:request_id>/withdraw", type="http", auth="user", methods=["POST"])
    def withdraw(self, membership_id, request_id, **_kwargs):
        membership = self._get_own_membership(membership_id)
        own = membership.request_ids.filtered(lambda each: each.id == request_id and each.state == "open")
        if not own:
            raise request.not_found()
        own._withdraw()
        return request.redirect(f"/my/membership/{membership.id}/requests")
