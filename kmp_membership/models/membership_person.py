from odoo import fields, models

from .membership import OFFICER


class Membership(models.Model):
    """What the register of members (Buku Daftar Anggota) says about the person. Seen by officers, as the national id."""

    _inherit = "kmp.membership"

    birth_place = fields.Char("Place of Birth", groups=OFFICER, copy=False)
    birth_date = fields.Date("Date of Birth", groups=OFFICER, copy=False)
    sex = fields.Selection([("male", "Male"), ("female", "Female")], groups=OFFICER, copy=False)
    occupation = fields.Char(groups=OFFICER, copy=False)
