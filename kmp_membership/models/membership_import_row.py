from odoo import fields, models


class MembershipImportRow(models.Model):
    """A row of a spreadsheet that was checked, and what has been made of it so far. Gone when the import is done.

    ``values`` and ``capital`` are those of ``import_rows.Member``, as text: days as 2025-12-31, amounts as plain decimals. ``step`` is
    what the row waits for.
    """

    _name = "kmp.membership.import.row"
    _description = "Row of an Import"
    _order = "line"
    _log_access = False

    import_id = fields.Many2one("kmp.membership.import", required=True, ondelete="cascade")
    line = fields.Integer(required=True)
    values = fields.Json(required=True)
    capital = fields.Json()
    step = fields.Selection(
        [("contact", "Contact"), ("entry", "Entry"), ("register", "Registration")], required=True
    )
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="set null", index="btree_not_null")
    move_id = fields.Many2one("account.move", "Entry", ondelete="set null", index="btree_not_null")

    _in_order = models.Index("(import_id, step, line)")
