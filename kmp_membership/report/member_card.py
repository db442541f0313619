from odoo import api, models
from odoo.exceptions import UserError

from ..models.membership import MEMBER_STATES
from . import indonesian

CARDS_PER_SHEET = 10


class MemberCard(models.AbstractModel):
    """Kartu Anggota, ten to a sheet of A4, in the size of a bank card (ISO/IEC 7810 ID-1)."""

    _name = "report.kmp_membership.member_card"
    _description = "Kartu Anggota"
    _inherit = "kmp.document"

    @api.model
    def _get_report_values(self, docids, data=None):
        # A report may be reached with sudo: the rights that count are those of the user.
        members = self.env["kmp.membership"].sudo(flag=False).browse(docids).exists()
        members.check_access("read")
        for member in members:
            if member.state not in MEMBER_STATES:
                raise UserError(
                    self.env._(
                        "%(member)s is %(state)s: only a member has a card. Activate the membership first.",
                        member=member.display_name,
                        state=member._label("state"),
                    )
                )
        return {
            "doc_ids": members.ids,
            "doc_model": members._name,
            "docs": members,
            "sheets": [
                self._prepare_cards(members[first : first + CARDS_PER_SHEET])
                for first in range(0, len(members), CARDS_PER_SHEET)
            ],
            "text": indonesian.TEXT,
        }

    def _prepare_cards(self, members):
        return [{"member": member, "qr": self._get_qr_code(member.number)} for member in members]
