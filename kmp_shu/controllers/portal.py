from odoo import http
from odoo.http import request

from odoo.addons.kmp_membership.controllers.portal import MEMBERSHIP, MembershipPortal

from ..models.membership_portal_business import DOCUMENTS_STEP

BUSINESS = f"{MEMBERSHIP}/business"


class SurplusPortal(MembershipPortal):
    """What a member has done with the co-operative, and what came back of it."""

    def _prepare_membership_parts(self, membership):
        shares = membership._prepare_portal_shares()
        return {**super()._prepare_membership_parts(membership), "last_share": shares[0] if shares else None}

    @http.route(
        f"{MEMBERSHIP}/surplus", type="http", auth="user", website=True, methods=["GET"], readonly=True
    )
    def surplus(self, membership_id, **_kwargs):
        """The shares of all years."""
        membership = self._get_own_membership(membership_id)
        values = self._prepare_membership_page(
            membership, "kmp_surplus", shares=membership._prepare_portal_shares()
        )
        return request.render("kmp_shu.portal_surplus", values)

    @http.route(
        f"{MEMBERSHIP}/surplus/<int:share_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def share(self, membership_id, share_id, **_kwargs):
        """One year: the formula with its numbers, what was paid, and how to check it."""
        membership = self._get_own_membership(membership_id)
        share = membership._get_published_shares().filtered(lambda share: share.id == share_id)
        if not share:
            raise request.not_found()
        values = self._prepare_membership_page(
            membership,
            "kmp_share",
            share=share._prepare_portal_values(),
            parts=share._prepare_portal_formula(),
            payouts=share._prepare_portal_payouts(),
            **share._prepare_portal_check(),
        )
        return request.render("kmp_shu.portal_share", values)

    @http.route(BUSINESS, type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def business(self, membership_id, year=None, **_kwargs):
        """The business of a year by basis."""
        membership = self._get_own_membership(membership_id)
        date_from, date_to = self._read_year(membership, year)
        values = self._prepare_membership_page(
            membership,
            "kmp_business",
            bases=membership._prepare_portal_business(date_from, date_to),
            **self._prepare_years(membership, date_from, date_to),
        )
        return request.render("kmp_shu.portal_business", values)

    @http.route(
        [f"{BUSINESS}/<int:basis_id>", f"{BUSINESS}/<int:basis_id>/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def business_documents(self, membership_id, basis_id, year=None, page=1, **_kwargs):
        """The documents behind one basis of one year."""
        membership = self._get_own_membership(membership_id)
        basis = membership._get_business_bases().filtered(lambda basis: basis.id == basis_id)
        if not basis:
            raise request.not_found()
        date_from, date_to = self._read_year(membership, year)
        total = membership._prepare_portal_basis(basis, date_from, date_to)
        part = f"business/{basis.id}"
        pages = self._turn_pages(
            membership, part, total["documents"], DOCUMENTS_STEP, page, year=date_to.year
        )
        values = self._prepare_membership_page(
            membership,
            "kmp_business_documents",
            basis=total,
            rows=membership._prepare_portal_business_documents(basis, date_from, date_to, pages["offset"]),
            pager=pages,
            **self._prepare_years(membership, date_from, date_to),
        )
        return request.render("kmp_shu.portal_business_documents", values)

    def _read_year(self, membership, year):
        """(first day, last day) of one of the years that the member may look at, by default the current one."""
        years = {str(each): each for each in membership._get_business_years()}
        return membership._get_business_year(years.get(year))

    def _prepare_years(self, membership, date_from, date_to):
        return {
            "years": membership._get_business_years(),
            "year": date_to.year,
            "date_from": date_from,
            "date_to": date_to,
        }
