from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .membership import OFFICER


class ProductTemplate(models.Model):
    """A product that is a ticket: who pays an invoice of it becomes a member, and the price is what they paid in."""

    _inherit = "product.template"

    kmp_class_id = fields.Many2one(
        "kmp.stakeholder.class",
        "Makes a Member Of",
        company_dependent=True,
        groups=OFFICER,
        help="Whoever pays an invoice of this product becomes a member of the class. Existing members keep theirs.",
    )
    kmp_share_type_id = fields.Many2one(
        "kmp.share.type",
        "Paid Into",
        company_dependent=True,
        groups=OFFICER,
        help="The price moves from the account of the invoice to this share type on the day of the payment.",
    )

    @api.constrains("kmp_class_id", "kmp_share_type_id")
    def _check_ticket(self):
        for product in self.sudo():  # the rule holds whoever edits the product
            ticket_class, share_type = product.kmp_class_id, product.kmp_share_type_id
            if (ticket_class.company_id | share_type.company_id) - self.env.company:
                raise ValidationError(
                    self.env._(
                        "Product %(product)s: the class and the share type of a ticket must belong to %(company)s.",
                        product=product.name,
                        company=self.env.company.name,
                    )
                )
