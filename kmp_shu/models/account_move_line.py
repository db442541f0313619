from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    kmp_class_id = fields.Many2one(
        "kmp.stakeholder.class",
        "Stakeholder Class",
        readonly=True,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The class that the surplus of this item belongs to.",
    )
