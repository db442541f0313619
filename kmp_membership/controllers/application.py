from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import request

from ..uploads import UploadError, read_uploads

APPLY = "/membership/apply"
# A field that people do not see and programs fill in.
TRAP = "website"


class ApplicationController(http.Controller):
    """The public page on which anybody applies for membership.

    It never looks whether a person is known: whoever sends a complete form gets the same answer by the same way. How often it may be
    sent is counted in the database (``kmp.web.attempt``).
    """

    @http.route(
        APPLY, type="http", auth="public", website=True, methods=["GET"], sitemap=False, readonly=True
    )
    def companies(self, **_kwargs):
        """The co-operatives that take applications; straight to the only one."""
        companies = self._get_companies()
        if not companies:
            raise request.not_found()
        if len(companies) == 1:
            return request.redirect(f"{APPLY}/{companies.id}")
        values = {"companies": [{"id": each.id, "name": each.name} for each in companies]}
        return request.render("kmp_membership.application_companies", values)

    def _get_companies(self, company_id=None):
        domain = [("kmp_applications_open", "=", True)]
        if company_id is not None:
            domain.append(("id", "=", company_id))
        # sudo: that a co-operative takes applications is public
        return request.env["res.company"].sudo().search(domain)

    def _get_company(self, company_id):
        company = self._get_companies(company_id)
        if not company:
            raise request.not_found()
        return company

    @http.route(
        f"{APPLY}/<int:company_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def apply(self, company_id, **form):
        company = self._get_company(company_id)
        errors = {}
        if request.httprequest.method == "POST":
            if not self._is_allowed():
                return self._render(company, form, {"": self._get_patience()}, status=429)
            errors = self._take(company, form)
            if not errors:
                return request.redirect(f"{APPLY}/{company.id}/thanks")
        return self._render(company, form, errors)

    def _is_allowed(self):
        # sudo: the two limits are settings of the system
        parameters = request.env["ir.config_parameter"].sudo()
        return request.env["kmp.web.attempt"]._is_allowed(
            "application",
            request.httprequest.remote_addr,
            int(parameters.get_param("kmp_membership.applications_per_address", 10)),
            int(parameters.get_param("kmp_membership.applications_per_hour", 200)),
        )

    def _get_patience(self):
        return request.env._(
            "Too many applications have been sent from here. Try again in an hour, or come to the office."
        )

    def _take(self, company, form):
        """Enter the application. Returns the messages, none where it was entered, or was sent by a program."""
        memberships = request.env["kmp.membership"].with_company(company)
        values, errors = memberships._read_application(company, form)
        try:
            files = request.httprequest.files.getlist("files")
            uploads = read_uploads([(file.filename, file.stream) for file in files])
        except UploadError as refused:
            errors["files"] = memberships._explain_upload(refused)
        if errors or form.get(TRAP):
            return errors
        try:
            with request.env.cr.savepoint():
                memberships._apply_from_outside(company, values, uploads)
        except UserError as refused:
            errors[""] = refused.args[0]
        return errors

    def _prepare_page(self, company):
        """What every page of a co-operative has: its name, and its logo instead of that of the database."""
        return {"company": {"id": company.id, "name": company.name}, "res_company": company}

    def _render(self, company, form, errors, status=200):
        bylaws = company._get_bylaws_in_force()
        values = {
            **self._prepare_page(company),
            "classes": [self._prepare_class(each) for each in company._get_open_classes()],
            "bylaws": {"name": bylaws.name or "", "has_file": bool(bylaws.document)},
            "form": form,
            "errors": errors,
            "today": fields.Date.today(),
        }
        response = request.render("kmp_membership.application", values)
        response.status_code = status
        return response

    def _prepare_class(self, stakeholder_class):
        """Name of a class, whom it admits, and what it owes: [(share type, amount, how often)]."""
        terms = stakeholder_class.term_ids._get_terms(stakeholder_class, fields.Date.today())[
            stakeholder_class
        ]
        often = dict(stakeholder_class.term_ids._fields["frequency"]._description_selection(request.env))
        return {
            "id": stakeholder_class.id,
            "name": stakeholder_class.name,
            "terms": [
                {
                    "name": share_type.name,
                    "amount": share_type._format(term.amount),
                    "often": often[term.frequency],
                }
                for share_type, term in terms.items()
                if term.amount
            ],
        }

    @http.route(
        f"{APPLY}/<int:company_id>/thanks",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
        readonly=True,
    )
    def thanks(self, company_id, **_kwargs):
        company = self._get_company(company_id)
        return request.render("kmp_membership.application_thanks", self._prepare_page(company))

    @http.route(
        f"{APPLY}/<int:company_id>/bylaws", type="http", auth="public", methods=["GET"], readonly=True
    )
    def bylaws(self, company_id, **_kwargs):
        """The by-laws in force, which an applicant accepts."""
        bylaws = self._get_company(company_id)._get_bylaws_in_force()
        if not bylaws.document:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            bylaws, "document", filename=bylaws.document_name or f"{bylaws.name}.pdf"
        )
        return stream.get_response(as_attachment=True)
