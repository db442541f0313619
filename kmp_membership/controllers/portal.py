from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.membership_portal import DUES_STEP, STATEMENT_STEP

MEMBERSHIP = "/my/membership/<int:membership_id>"


class MembershipPortal(CustomerPortal):
    """A member's own pages. What they show comes from ``kmp.membership._get_own``; a guessed id is not found."""

    # ---------------------------------------------------------------- home

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "kmp_membership_count" in counters:
            values["kmp_membership_count"] = len(self._get_own_memberships())
        if "kmp_dues_count" in counters:
            open_items = self._get_own_memberships()._get_open_dues_items()
            values["kmp_dues_count"] = sum(map(len, open_items.values()))
        return values

    def _get_own_memberships(self):
        return request.env["kmp.membership"]._get_own()

    def _get_own_membership(self, membership_id):
        """The user's own membership with this id; the answer to any other id is that there is no such page."""
        membership = request.env["kmp.membership"]._get_own(membership_id)
        if not membership:
            raise request.not_found()
        return membership.with_company(membership.company_id)

    def _prepare_membership_page(self, membership, page_name, **values):
        """The values that every page of a membership has: the logo of its co-operative, its head and where the page stands."""
        return {
            **self._prepare_portal_layout_values(),
            "res_company": membership.company_id,
            "title": membership.company_id.name,
            "page_name": page_name,
            "membership": membership._prepare_portal_values(),
            "currency": membership.currency_id,
            **values,
        }

    def _turn_pages(self, membership, part, total, step, page, **url_args):
        """Odoo's pager for a long list below a membership; ``offset`` says where this page begins."""
        url = f"/my/membership/{membership.id}/{part}"
        return pager(url, total, page=page, step=step, url_args=url_args)

    # ---------------------------------------------------------------- pages

    @http.route("/my/memberships", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def memberships(self, **_kwargs):
        """The memberships of the user; straight to the only one."""
        memberships = self._get_own_memberships()
        if len(memberships) == 1:
            return request.redirect(f"/my/membership/{memberships.id}")
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "kmp_memberships",
            "memberships": [membership._prepare_portal_values() for membership in memberships],
        }
        return request.render("kmp_membership.portal_memberships", values)

    @http.route(MEMBERSHIP, type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def membership(self, membership_id, **_kwargs):
        membership = self._get_own_membership(membership_id)
        values = self._prepare_membership_page(
            membership, "kmp_membership", **self._prepare_membership_parts(membership)
        )
        return request.render("kmp_membership.portal_membership", values)

    def _prepare_membership_parts(self, membership):
        """Hook: what the page of a membership tells of each of its parts."""
        return {**membership._prepare_portal_capital(), **membership._prepare_portal_open_dues()}

    @http.route(
        [f"{MEMBERSHIP}/capital", f"{MEMBERSHIP}/capital/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def capital(self, membership_id, page=1, **_kwargs):
        membership = self._get_own_membership(membership_id)
        pages = self._turn_pages(
            membership, "capital", membership._count_portal_statement(), STATEMENT_STEP, page
        )
        values = self._prepare_membership_page(
            membership,
            "kmp_capital",
            **membership._prepare_portal_capital(),
            items=membership._prepare_portal_statement(pages["offset"]),
            pager=pages,
            documents=membership._get_own_documents(),
        )
        return request.render("kmp_membership.portal_capital", values)

    @http.route(
        [f"{MEMBERSHIP}/dues", f"{MEMBERSHIP}/dues/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def dues(self, membership_id, page=1, **kwargs):
        membership = self._get_own_membership(membership_id)
        pages = self._turn_pages(membership, "dues", membership._count_portal_settled_dues(), DUES_STEP, page)
        values = self._prepare_membership_page(
            membership,
            "kmp_dues",
            **membership._prepare_portal_open_dues(),
            settled=membership._prepare_portal_settled_dues(pages["offset"]),
            pager=pages,
            **self._prepare_dues_payment(membership, **kwargs),
        )
        return request.render("kmp_membership.portal_dues", values)

    def _prepare_dues_payment(self, _membership, **_kwargs):
        """Hook: what a page of dues needs to let them be paid."""
        return {}

    @http.route(
        f"{MEMBERSHIP}/documents", type="http", auth="user", website=True, methods=["GET"], readonly=True
    )
    def documents(self, membership_id, **_kwargs):
        membership = self._get_own_membership(membership_id)
        bylaws = membership._get_bylaws_in_force()
        values = self._prepare_membership_page(
            membership,
            "kmp_documents",
            **membership._prepare_portal_history(),
            contacts=membership._prepare_portal_contacts(),
            documents=membership._get_own_documents(),
            bylaws={"name": bylaws.name, "date_from": bylaws.date_from, "has_file": bool(bylaws.document)},
        )
        return request.render("kmp_membership.portal_documents", values)

    # ---------------------------------------------------------------- files

    @http.route(
        f"{MEMBERSHIP}/print/<string:document>", type="http", auth="user", website=True, methods=["GET"]
    )
    def print_document(self, membership_id, document, **_kwargs):
        """A document of the member as PDF: the card, the Buku Simpanan or the certificate of today."""
        membership = self._get_own_membership(membership_id)
        if document not in membership._get_own_documents():
            raise request.not_found()
        content, name = membership._print_own(document)
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @http.route(
        f"{MEMBERSHIP}/bylaws", type="http", auth="user", website=True, methods=["GET"], readonly=True
    )
    def bylaws(self, membership_id, **_kwargs):
        """The by-laws in force of the member's own co-operative."""
        bylaws = self._get_own_membership(membership_id)._get_bylaws_in_force()
        if not bylaws.document:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(
            bylaws, "document", filename=bylaws.document_name or f"{bylaws.name}.pdf"
        )
        return stream.get_response(as_attachment=True)
