from odoo import api, fields, models

from .patronage_basis import MEASURE_DIGITS


class KmpPatronageBasisWeight(models.Model):
    """What the products of a category count in a basis, e.g. first quality 1, second quality 0.8."""

    _name = "kmp.patronage.basis.weight"
    _description = "Quality weight"
    _order = "category_id"
    _rec_name = "category_id"

    basis_id = fields.Many2one("kmp.patronage.basis", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="basis_id.company_id", store=True)
    category_id = fields.Many2one("product.category", required=True, ondelete="restrict")
    factor = fields.Float(digits=MEASURE_DIGITS, required=True, default=1)

    _category_unique = models.Constraint(
        "UNIQUE(basis_id, category_id)", "A product category has one weight in a patronage basis."
    )
    _factor_positive = models.Constraint("CHECK(factor >= 0)", "A weight is zero or more.")

    @api.model_create_multi
    def create(self, vals_list):
        weights = super().create(vals_list)
        weights.basis_id._check_editable()
        return weights

    def write(self, vals):
        self.basis_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_editable(self):
        self.basis_id._check_editable()
