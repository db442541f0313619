from odoo import api, fields, models
from odoo.tools import SQL

from ..models.patronage_basis import MEASURE_DIGITS


class KmpPatronagePreview(models.TransientModel):
    """What a basis would count in a period, by class: seen before a surplus is computed."""

    _name = "kmp.patronage.preview"
    _description = "Preview of a patronage basis"

    basis_id = fields.Many2one("kmp.patronage.basis", required=True, readonly=True, ondelete="cascade")
    date_from = fields.Date(required=True, default=lambda self: self._default_year()["date_from"])
    date_to = fields.Date(required=True, default=lambda self: self._default_year()["date_to"])
    policy = fields.Selection(
        lambda self: self.env["kmp.shu.scheme"]._fields["membership_policy"]._description_selection(self.env),
        required=True,
        default="document_date",
    )
    measure = fields.Selection(related="basis_id.measure")
    line_ids = fields.One2many("kmp.patronage.preview.line", "preview_id", readonly=True)

    @api.model
    def _default_year(self):
        return self.env["kmp.shu.run"]._default_year()

    def action_refresh(self):
        """Count anew and show the result. The rows go with the transient record."""
        self.ensure_one()
        self.basis_id.check_access("read")
        self.line_ids.unlink()
        self.env["kmp.patronage.preview.line"].create(
            [
                {
                    "preview_id": self.id,
                    "class_id": class_id,
                    "member_count": members,
                    "document_count": documents,
                    "weight": weight,
                }
                for class_id, members, documents, weight in self._get_rows()
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What would count: %(basis)s", basis=self.basis_id.display_name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_rows(self):
        """Per class: its id, members with a weight, document lines behind it, sum of the weights. Two
        queries, whatever the number of members."""
        period = (self.date_from, self.date_to, self.policy)
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT weight.class_id, COUNT(*), SUM(document.lines), SUM(weight.weight)
                  FROM (%(weights)s) weight
                  JOIN kmp_stakeholder_class class ON class.id = weight.class_id
                  JOIN (SELECT membership_id, class_id, COUNT(DISTINCT document_id) AS lines
                          FROM (%(business)s) business WHERE measure != 0
                         GROUP BY membership_id, class_id) document USING (membership_id, class_id)
                 WHERE weight.weight > 0
                 GROUP BY weight.class_id, class.code
                 ORDER BY class.code
                """,
                weights=self.basis_id._get_weight_query(*period),
                business=self.basis_id._get_business_query(*period),
            )
        )


class KmpPatronagePreviewLine(models.TransientModel):
    """The business of one class in a preview."""

    _name = "kmp.patronage.preview.line"
    _description = "Preview of a class"

    preview_id = fields.Many2one("kmp.patronage.preview", required=True, ondelete="cascade")
    class_id = fields.Many2one("kmp.stakeholder.class", readonly=True)
    member_count = fields.Integer("Members", readonly=True)
    document_count = fields.Integer("Document Lines", readonly=True)
    weight = fields.Float("Business", readonly=True, digits=MEASURE_DIGITS)
