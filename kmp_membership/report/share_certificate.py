from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ..models.share_type import SAVINGS_KINDS
from ..tools import in_indonesian
from . import indonesian

CERTIFICATES_LIMIT = 500


class ShareCertificate(models.AbstractModel):
    """Sertifikat Simpanan: what a member holds of the co-operative's capital at the end of a day, in numbers and in words.

    Savings are the member's money on deposit and no capital: they do not stand on it. Query budget: one for all certificates.
    """

    _name = "report.kmp_membership.share_certificate"
    _description = "Sertifikat Simpanan"
    _inherit = "kmp.document"

    _signing_posts = ("treasurer", "chair")

    def _prepare_printed(self, request):
        members = request.membership_ids
        if not members or len(members) > CERTIFICATES_LIMIT:
            raise UserError(
                self.env._("Choose between one and %s members to print certificates for.", CERTIFICATES_LIMIT)
            )
        # sudo: as in report.kmp_membership.savings_book
        share_types = in_indonesian(self.env["kmp.share.type"].sudo().with_context(active_test=False))
        share_types = share_types.search(
            [("company_id", "=", request.company_id.id), ("kind", "not in", SAVINGS_KINDS)]
        )
        holdings = share_types._get_holdings(request.date, members.partner_id)
        return {
            "request": request,
            "company": request.company_id,
            "address": self._get_company_address(request.company_id),
            "certificates": [self._prepare_certificate(member, share_types, holdings) for member in members],
        }

    def _prepare_certificate(self, member, share_types, holdings):
        held = [
            (share_type, amount)
            for share_type in share_types
            if (amount := holdings.get((member.partner_id.id, share_type.id), Decimal()))
        ]
        total = sum((amount for _share_type, amount in held), Decimal())
        if total <= 0 or not member.number:
            raise UserError(
                self.env._(
                    "%(member)s holds no share capital on that day, so there is nothing to certify. Choose another day or another member.",
                    member=member.display_name,
                )
            )
        return {
            "member": member,
            "held": held,
            "total": total,
            "words": self._get_words(total, member.currency_id),
            "qr": self._get_qr_code(member.number),
        }

    def _get_words(self, total, currency):
        """Terbilang. Only rupiah have a spelling here."""
        if currency.name != "IDR":
            return ""
        text = f"{indonesian.words(int(total))} rupiah"
        cents = int(total % 1 * 100)
        return f"{text} {indonesian.words(cents)} sen" if cents else text
