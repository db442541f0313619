from odoo import fields, models


class Many2oneInBulk(fields.Many2one):
    """A many2one without a foreign key. Checking two keys for each of a million rows takes twice
    as long as loading them; who uses it sees to the integrity."""

    def update_db_foreign_key(self, model, column):
        return


class KmpPatronageEntry(models.Model):
    """A line of business done outside Odoo.

    Loaded by `kmp.patronage.import` alone, a million rows at a time, so the table is narrow. An
    import deletes its own entries, and a membership with entries cannot be deleted.
    """

    _name = "kmp.patronage.entry"
    _description = "Imported business line"
    _log_access = False
    _order = "import_id, row"
    _rec_name = "document"

    import_id = Many2oneInBulk("kmp.patronage.import", required=True, readonly=True)
    membership_id = Many2oneInBulk("kmp.membership", string="Member", required=True, readonly=True)
    row = fields.Integer(readonly=True, help="Row of the file; a header is row 1.")
    date = fields.Date(required=True, readonly=True)
    value = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True, help="Cost of the goods sold; 0 where the file did not know it.")
    quantity = fields.Float(readonly=True, digits=(16, 6))
    hours = fields.Float(readonly=True, digits=(16, 6))
    product = fields.Char(readonly=True)
    document = fields.Char(readonly=True)
    currency_id = fields.Many2one(related="import_id.currency_id")

    # The rows of an import lie together, so the ranges of blocks are index enough, and cost no time.
    _import_range = models.Index("USING brin (import_id)")
