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
        of_move = self._get_known_of_moves(vals_list) if known else {}
        for vals in vals_list if known else ():
            sides = {"debit": max(vals["balance"], 0.0), "credit": max(-vals["balance"], 0.0)}
            vals.update(of_move[vals["move_id"]], **sides)
        result = super()._add_precomputed_values(vals_list)
        for vals in vals_list if known else ():
            vals["__precomputed__"] = known | vals.get("__precomputed__", set())
        return result

    @api.model
    def _get_known_of_moves(self, vals_list):
        """{id of the entry: what its items have of it}"""
        return {
            move.id: {
                "company_id": move.company_id.id,
                "company_currency_id": move.company_id.currency_id.id,
                "journal_id": move.journal_id.id,
                "is_storno": False,
            }
            for move in self.env["account.move"].browse({vals["move_id"] for vals in vals_list})
        }

    def _check_company(self, fnames=None):
        """Of items that are alike in all that is checked, one stands for the others."""
        if is_unsealed(self.env):
            kinds = {
                (
                    line.company_id,
                    line.account_id,
                    line.journal_id,
                    line.partner_id.company_id,
                    line.tax_ids,
                ): line.id
                for line in self
            }
            self = self.browse(kinds.values())  # noqa: PLW0642  # fewer of the same
        return super()._check_company(fnames)

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
