from odoo import api, models
from odoo.tools import SQL


class KmpPatronageSourceJournal(models.AbstractModel):
    """Posted journal items with a partner on the accounts of the basis, e.g. interest or wages.

    Only plain entries are read: the lines of invoices and bills have sources of their own, and a
    document counts once. What an account's nature increases counts as positive. An item is in company
    currency whatever the currency it was paid in.
    """

    _name = "kmp.patronage.source.journal"
    _inherit = "kmp.patronage.source"
    _description = "Journal items"

    _is_income = True

    @api.model
    def _get_select(self, basis, date_from, date_to):
        return SQL(
            """
            SELECT line.date,
                   line.partner_id,
                   line.product_id,
                   %(value)s AS value,
                   COALESCE(%(quantity)s, 0) * SIGN(%(value)s) AS quantity,
                   0::numeric AS cost,
                   0::numeric AS hours,
                   line.id AS document_id
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id AND move.move_type = 'entry'
                   %(units)s
             WHERE line.company_id = %(company)s
               AND line.parent_state = 'posted'
               AND line.date BETWEEN %(date_from)s AND %(date_to)s
               AND line.account_id = ANY(%(accounts)s)
               AND %(entries)s
            """,
            value=self._get_value(basis.account_ids),
            quantity=self._get_unit_quantity(SQL("line.quantity")),
            units=self._get_unit_joins(SQL("line.product_uom_id"), SQL("line.product_id")),
            company=basis.company_id.id,
            date_from=date_from,
            date_to=date_to,
            accounts=basis.account_ids.ids,
            entries=self._get_entry_condition(),
        )

    @api.model
    def _get_value(self, accounts) -> SQL:
        """What the nature of the account of an item increases is positive."""
        # sudo: what an account is decides, not who may see it
        debit = accounts.sudo().filtered(
            lambda account: account.account_type.startswith(("expense", "asset"))
        )
        if not debit:
            return SQL("-line.balance")
        return SQL("CASE WHEN line.account_id = ANY(%s) THEN line.balance ELSE -line.balance END", debit.ids)
