from odoo import fields, models

from odoo.addons.kmp_membership.models.membership import OFFICER


class Membership(models.Model):
    _inherit = "kmp.membership"

    region_code = fields.Char(related="partner_id.kmp_region_code", readonly=False, groups=OFFICER)
