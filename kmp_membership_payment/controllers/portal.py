from odoo import Command, http
from odoo.exceptions import ValidationError
from odoo.http import request

from odoo.addons.kmp_membership.controllers.portal import MEMBERSHIP, MembershipPortal
from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment.controllers.portal import PaymentPortal

DUES = f"{MEMBERSHIP}/dues"


class DuesPaymentPortal(MembershipPortal, PaymentPortal):
    """A member chooses open dues, sees the amount, and pays it through one of Odoo's payment providers.

    What is paid is decided here and not by the browser: the dues must be the member's own and open, the amount at most what is open
    of them, and the token binds both to the page that was shown.
    """

    def _prepare_dues_payment(self, membership, **kwargs):
        values = super()._prepare_dues_payment(membership, **kwargs)
        is_offered = bool(self._get_providers(membership))
        return values | {
            "payable_item_ids": membership._get_dues_to_pay_online().move_line_id.ids if is_offered else [],
            "pending_payments": membership._prepare_portal_pending_payments(),
        }

    def _get_providers(self, membership, amount=0, report=None):
        # sudo: as Odoo's own payment pages, to read the providers of the co-operative
        return (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                membership.company_id.id,
                request.env.user.partner_id.id,
                amount,
                currency_id=membership.currency_id.id,
                report=report,
            )
        )

    @http.route(f"{DUES}/pay", type="http", auth="user", website=True, methods=["GET"])
    def pay_dues(self, membership_id, amount=None, **_kwargs):
        """The chosen dues (``due`` once each; none: all), the amount, and the ways to pay it."""
        membership = self._get_own_membership(membership_id)
        chosen = request.httprequest.args.getlist("due")
        dues = self._choose_dues(membership, chosen)
        if not dues:
            return request.redirect(f"/my/membership/{membership.id}/dues")
        items = dues._get_items_to_pay()
        total = membership.currency_id.round(sum(items.mapped("amount_residual")))
        wanted = self._read_dues_amount(membership, amount, total)
        values = self._prepare_membership_page(
            membership,
            "kmp_dues",
            dues=[
                {"name": item.name, "amount": membership._format_amount(item.amount_residual)}
                for item in items
            ],
            dues_total=membership._format_amount(total),
            dues_paid=membership._format_amount(wanted) if wanted else "",
            is_partial=wanted and membership.currency_id.compare_amounts(wanted, total) < 0,
            **self._prepare_payment_form(membership, dues, wanted),
        )
        return request.render("kmp_membership_payment.portal_pay_dues", values)

    def _choose_dues(self, membership, chosen):
        """The open dues of this member among the ids of journal items, all where none is named; those of others are not found."""
        dues = membership._get_dues_to_pay_online()
        if not chosen:
            return dues
        wanted = {self._cast_as_int(item_id) for item_id in chosen}
        found = dues.filtered(lambda line: line.move_line_id.id in wanted)
        if len(found) != len(wanted):
            raise request.not_found()
        return found

    def _read_dues_amount(self, membership, text, total):
        """What is paid, in the currency of the co-operative: all, or a part that the member entered; None where that is no amount."""
        if not text:
            return total
        amount = self._cast_as_float(text)
        currency = membership.currency_id
        is_amount = (
            amount is not None
            and 0 < amount <= total
            and not currency.compare_amounts(amount, currency.round(amount))
        )
        return currency.round(amount) if is_amount else None

    def _prepare_payment_form(self, membership, dues, amount):
        """The values of Odoo's ``payment.form``; nothing to pay with where there is no amount."""
        report = {}
        providers = self._get_providers(membership, amount or 0, report)
        partner = request.env.user.partner_id
        # sudo: as in _get_providers
        methods = request.env["payment.method"].sudo()
        tokens = request.env["payment.token"].sudo()
        key = "-".join(map(str, dues.ids))
        return {
            "amount": amount,
            "partner_id": partner.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods._get_compatible_payment_methods(
                providers.ids, partner.id, currency_id=membership.currency_id.id, report=report
            ),
            "tokens_sudo": tokens._get_available_tokens(providers.ids, partner.id),
            "availability_report": report,
            "show_tokenize_input_mapping": self._compute_show_tokenize_input_mapping(providers),
            "transaction_route": f"/my/membership/{membership.id}/dues/transaction/{key}",
            "landing_route": f"/my/membership/{membership.id}/dues",
            "access_token": self._sign(membership, key, amount),
            "company_mismatch": not self._can_partner_pay_in_company(partner, membership.company_id),
            "expected_company": membership.company_id,
        }

    def _sign(self, membership, key, amount):
        return payment_utils.generate_access_token(membership.id, key, amount or 0.0, request.env.uid)

    @http.route(f"{DUES}/transaction/<string:key>", type="jsonrpc", auth="user")
    def dues_transaction(self, membership_id, key, access_token, amount=None, **kwargs):
        """Begin the payment of the dues that the page showed: called by Odoo's payment form.

        :param key: ids of the dues, joined by a hyphen
        :raise ValidationError: another member's dues, another amount than that of the page, or something was paid meanwhile
        """
        membership = self._get_own_membership(membership_id)
        amount = self._cast_as_float(amount)
        if not payment_utils.check_access_token(
            access_token, membership.id, key, amount or 0.0, request.env.uid
        ):
            raise ValidationError(request.env._("The provided parameters are invalid."))
        dues = membership._get_dues_to_pay_online().filtered(lambda line: str(line.id) in key.split("-"))
        total = membership.currency_id.round(sum(dues._get_items_to_pay().mapped("amount_residual")))
        if not amount or membership.currency_id.compare_amounts(amount, total) > 0:
            raise ValidationError(
                request.env._(
                    "Some of these dues have been paid meanwhile. Open the page of your dues and choose again."
                )
            )
        self._validate_transaction_kwargs(kwargs)
        self._check_provider(membership, amount, kwargs)
        kwargs |= {"landing_route": f"/my/membership/{membership.id}/dues", "is_validation": False}
        transaction = self._create_transaction(
            amount=amount,
            currency_id=membership.currency_id.id,
            partner_id=request.env.user.partner_id.id,
            reference_prefix=payment_utils.singularize_reference_prefix(prefix=f"DUES-{membership.number}"),
            custom_create_values={"kmp_dues_ids": [Command.set(dues.ids)]},
            **kwargs,
        )
        return transaction._get_processing_values()

    def _check_provider(self, membership, amount, kwargs):
        """The money goes to the co-operative whose dues are paid: a provider of another company is refused."""
        provider = self._cast_as_int(kwargs.get("provider_id"))
        if provider not in self._get_providers(membership, amount).ids:
            raise ValidationError(
                request.env._("This way of paying is not offered. Open the page of your dues again.")
            )
