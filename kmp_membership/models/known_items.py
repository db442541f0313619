from odoo import api, models

from ..tools import is_unsealed

# What has no value on an item of a plain entry.
EMPTY_FIELDS = ("payment_id", "statement_line_id", "statement_id", "invoice_date")
# What is given, so that Odoo need not ask its tax engine for it.
GIVEN_FIELDS = ("price_subtotal", "price_total")


class AccountMoveLine(models.Model):
    """Items that dues and imports make by the thousand, in entries of their own: all about them is known beforehand.

    Odoo finds the values of an item one by one, on a record that it makes up for each of them; for these items they are given
    (``_prepare_known_item``), which saves a third of the time. Only what a step of the addons creates is meant, see ``unsealed``.
    """

    _inherit = "account.move.line"

    @api.model
    def _prepare_known_item(self, account_id, partner_id, balance, label, date_due=False):
        """Values of an item in the currency of the company, without taxes.

        :param balance: rounded to the currency; positive is debit
        """
        return {
            "account_id": account_id,
            "partner_id": partner_id,
            "balance": balance,
            "amount_currency": balance,
            "currency_id": self.env.company.currency_id.id,
            "name": label,
            "date_maturity": date_due,
            "display_type": "product",
            "quantity": 1,
            "price_unit": 0.0,
            "price_subtotal": balance,
            "price_total": balance,
            "sequence": 100,
            "tax_ids": [],
            "tax_line_id": False,
            "tax_group_id": False,
            "product_uom_id": False,
            "analytic_distribution": {},
        }

    @api.model
    def _add_precomputed_values(self, vals_list):
        known = self._get_known_fields(vals_list)
        for vals in vals_list if known else ():
            company = self.env["account.move"].browse(vals["move_id"]).company_id
            vals |= {
                "company_id": company.id,
                "company_currency_id": company.currency_id.id,
                "journal_id": self.env["account.move"].browse(vals["move_id"]).journal_id.id,
                "is_storno": False,
                "debit": max(vals["balance"], 0.0),
                "credit": max(-vals["balance"], 0.0),
            }
        result = super()._add_precomputed_values(vals_list)
        for vals in vals_list if known else ():
            vals["__precomputed__"] = known | vals.get("__precomputed__", set())
        return result

    @api.model
    def _get_known_fields(self, vals_list):
        """The precomputed fields whose values were found here; empty where Odoo must find them."""
        moves = self.env["account.move"].browse({vals["move_id"] for vals in vals_list})
        if not is_unsealed(self.env) or any(company.account_storno for company in moves.company_id):
            return set()
        if any(not vals.keys() >= set(GIVEN_FIELDS) for vals in vals_list):
            return set()
        names = ("company_id", "company_currency_id", "journal_id", "is_storno", "debit", "credit")
        return {self._fields[name] for name in names}

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if self._get_known_fields(vals_list):
            for name in (*EMPTY_FIELDS, *GIVEN_FIELDS):
                self.env.remove_to_compute(self._fields[name], lines)
        return lines
