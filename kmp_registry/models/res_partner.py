from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.kmp_membership.models.res_partner import READERS

from ..simkopdes import region_code


class ResPartner(models.Model):
    _inherit = "res.partner"

    kmp_region_code = fields.Char(
        "Region Code (kode wilayah)",
        help="Province, regency, district and village of the address, as the home ministry numbers them: 32.04.05.2001",
    )
    kmp_offtake_contract = fields.Char(
        "Off-take Contract",
        groups=READERS,
        help="Number of the contract by which this customer buys what the co-operative produces.",
    )
    kmp_offtake_from = fields.Date("Contract From", groups=READERS)
    kmp_offtake_to = fields.Date("Contract Until", groups=READERS, help="Empty while it goes on.")

    _kmp_offtake_dates_in_order = models.Constraint(
        "CHECK (kmp_offtake_to >= kmp_offtake_from)", "An off-take contract does not end before it begins."
    )

    @api.constrains("kmp_region_code")
    def _check_kmp_region_code(self):
        for partner in self:
            if partner.kmp_region_code and not region_code(partner.kmp_region_code):
                raise ValidationError(
                    self.env._(
                        "%(name)s: the region code %(code)s has another form than 32.04.05.2001 (province, regency, district, village).",
                        name=partner.display_name,
                        code=partner.kmp_region_code,
                    )
                )
