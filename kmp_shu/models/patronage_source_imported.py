from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSourceImported(models.AbstractModel):
    """Business done elsewhere (an old till, a spreadsheet) that was imported for the basis.

    What is in Odoo already must not be imported again: nothing links a line of a file to a document.
    """

    _name = "kmp.patronage.source.imported"
    _inherit = "kmp.patronage.source"
    _description = "Imported business"

    _document_model = "kmp.patronage.entry"
    _measures = ("value", "quantity", "margin", "hours")
    _is_income = True
    _has_products = False

    @api.model
    def _get_document_names(self, document_ids):
        """Number of the document and product, as the imported file had them."""
        # sudo: as in `kmp.patronage.source`
        entries = self.env[self._document_model].sudo().browse(document_ids).exists()
        return {entry.id: " ".join(filter(None, (entry.document, entry.product))) for entry in entries}

    @api.model
    def _get_select(self, basis, date_from, date_to):
        imports = basis.import_ids.filtered(lambda batch: batch.company_id == basis.company_id)
        return SQL(
            """
            SELECT entry.date,
                   membership.partner_id,
                   NULL::integer AS product_id,
                   entry.value,
                   entry.quantity,
                   COALESCE(entry.cost, 0) AS cost,
                   entry.hours,
                   entry.id AS document_id
              FROM kmp_patronage_entry entry
              JOIN kmp_membership membership ON membership.id = entry.membership_id
             WHERE entry.import_id IN %(imports)s
               AND entry.date BETWEEN %(date_from)s AND %(date_to)s
            """,
            imports=tuple(imports.ids) or (None,),
            date_from=date_from,
            date_to=date_to,
        )
