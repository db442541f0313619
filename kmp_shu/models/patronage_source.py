from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSource(models.AbstractModel):
    """One kind of business between the co-op and its members, as one SELECT.

    An addon adds a source by adding an abstract model that inherits this one: its description is
    the label that users choose, and `_get_select` the business. Nothing else changes.
    """

    _name = "kmp.patronage.source"
    _description = "Patronage source"

    # The model that `document_id` of the SELECT points to, for the way back to the documents.
    _document_model = "account.move.line"

    @api.model
    def _get_sources(self):
        """Names of the concrete source models, sorted."""
        return sorted(self.env.registry.descendants([self._name], "_inherit") - {self._name})

    @api.model
    def _get_select(self, basis, date_from, date_to) -> SQL:
        """The posted business of the company of `basis` from `date_from` to `date_to`, both
        included.

        Columns, in this order:

        - `date`: the day that decides membership and class;
        - `partner_id`: the commercial partner;
        - `product_id`: a product or NULL;
        - `value` (company currency), `quantity`, `hours`: numeric, a refund is negative;
        - `document_id`: id in `_document_model`.
        """
        raise NotImplementedError
