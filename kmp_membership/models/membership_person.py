from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import is_national_id
from .membership import OFFICER


class Membership(models.Model):
    """What the register of members (Buku Daftar Anggota) says about the person. Seen by officers, as the national id."""

    _inherit = "kmp.membership"

    national_id = fields.Char(
        "National ID (NIK)",
        groups=OFFICER,
        copy=False,
        help="16 digits. Seen by officers of the co-operative only.",
    )
    birth_place = fields.Char("Place of Birth", groups=OFFICER, copy=False)
    birth_date = fields.Date("Date of Birth", groups=OFFICER, copy=False)
    sex = fields.Selection([("male", "Male"), ("female", "Female")], groups=OFFICER, copy=False)
    heir_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        check_company=True,
        copy=False,
        help="To whom the shares are paid out when the member has died.",
    )
    occupation = fields.Char(groups=OFFICER, copy=False)

    _unique_national_id = models.UniqueIndex(
        "(company_id, national_id) WHERE national_id IS NOT NULL",
        "Another membership of the company has this national id.",
    )

    @api.constrains("national_id")
    def _check_national_id(self):
        for membership in self.sudo():  # the form of the number is checked whoever wrote it
            if membership.national_id and not is_national_id(membership.national_id):
                raise ValidationError(
                    self.env._(
                        "Member %(name)s: the national id (NIK) must have 16 digits.",
                        name=membership.display_name,
                    )
                )
