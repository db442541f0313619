from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSource(models.AbstractModel):
    """One kind of business between the co-op and its members, as one SELECT.

    An addon adds a source by adding an abstract model that inherits this one: its description is
    the label that users choose, and `_get_select` the business. Nothing else changes.

    A document counts in one source only. What an addon's own documents post to the ledger, it leaves
    out there by `_get_entry_condition`; what its documents tell again in other terms (a delivery that
    is invoiced, too) it names in `_same_business_as`.
    """

    _name = "kmp.patronage.source"
    _description = "Patronage source"

    # The model that `document_id` of the SELECT points to, for the way back to the documents.
    _document_model = "account.move.line"
    # What of a document its member knows it by.
    _document_name = "move_name"
    # What a basis may measure of it.
    _measures = ("value", "quantity")
    # Whether its value is income of the co-op, so that it can make up the members' part of a surplus.
    _is_income = False
    # Whether its rows name products; without, each row knows its own cost.
    _has_products = True
    # Sources whose documents tell the same business: nothing may be added up over both.
    _same_business_as = ()

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
        - `partner_id`: a contact, which counts for its commercial partner;
        - `product_id`: a product or NULL;
        - `value`: in company currency and without tax, whatever the currency of the document;
        - `quantity`: in the product's own unit of measure;
        - `cost`: of the goods sold, in company currency, 0 where the document does not know it;
        - `hours`: worked;
        - `document_id`: id in `_document_model`.

        The four measures are `numeric`, and negative where the document takes business back.
        """
        raise NotImplementedError

    @api.model
    def _get_document_names(self, document_ids):
        """{id: what the member knows the document by}, for documents that are the member's own."""
        # sudo: members have no right on the documents of the co-operative, and see the name alone
        documents = self.env[self._document_model].sudo().browse(document_ids).exists()
        return {
            document.id: ", ".join(filter(None, document.mapped(self._document_name)))
            for document in documents
        }

    @api.model
    def _get_entry_condition(self) -> SQL:
        """Which entries (alias `move`) the sources of the ledger read. An addon whose own source
        reads the document behind an entry leaves the entry out here."""
        return SQL("TRUE")

    @api.model
    def _get_unit_joins(self, unit: SQL, product: SQL) -> SQL:
        """What `_get_unit_quantity` needs of the product and of the document's unit of measure.
        PostgreSQL leaves these joins away where no one asks for the quantity."""
        return SQL(
            """LEFT JOIN product_product product ON product.id = %(product)s
               LEFT JOIN product_template template ON template.id = product.product_tmpl_id
               LEFT JOIN uom_uom product_unit ON product_unit.id = template.uom_id
               LEFT JOIN uom_uom document_unit ON document_unit.id = %(unit)s""",
            unit=unit,
            product=product,
        )

    @api.model
    def _get_unit_quantity(self, quantity: SQL) -> SQL:
        """`quantity`, given in the document's unit of measure, in the product's own unit."""
        return SQL(
            """CASE WHEN document_unit.id != product_unit.id
                    THEN ROUND(%(quantity)s * document_unit.factor / product_unit.factor, 6)
                    ELSE %(quantity)s END""",
            quantity=quantity,
        )

    @api.model
    def _get_day(self, moment: SQL, company) -> SQL:
        """The day of a moment (stored in UTC) where the co-operative is: the time zone of the
        company's own contact, never that of the user, who would change the result."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, company.partner_id.tz or "UTC")
