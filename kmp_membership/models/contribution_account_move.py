from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import is_unsealed

SEALED_FIELDS = {"kmp_dues_kind", "kmp_contribution_run_id"}
SEALED_ITEM_FIELDS = {
    "account_id",
    "partner_id",
    "company_id",
    "move_id",
    "balance",
    "debit",
    "credit",
    "amount_currency",
    "currency_id",
}
CALLED_ITEM_FIELDS = {"account_id", "company_id", "move_id"}


class AccountMove(models.Model):
    """Entries of dues are made, and taken back, by the runs and the payments that they belong to."""

    _inherit = "account.move"

    kmp_dues_kind = fields.Selection(
        [("bill", "Dues Billed"), ("cancel", "Dues Cancelled"), ("transfer", "Dues Paid In")],
        "Entry of Dues",
        copy=False,
        readonly=True,
    )
    kmp_contribution_run_id = fields.Many2one(
        "kmp.contribution.run",
        "Dues Run",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not is_unsealed(self.env):
            vals_list = [
                {key: value for key, value in vals.items() if key not in SEALED_FIELDS} for vals in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        if not is_unsealed(self.env):
            if vals.keys() & SEALED_FIELDS:
                raise UserError(self.env._("Entries of dues are made by billing or paying them only."))
            if vals.get("state") in ("draft", "cancel") or vals.keys() & {"date", "journal_id"}:
                self._check_no_dues_entry()
        result = super().write(vals)
        if vals.get("state") == "posted":
            self.env["account.move.line"]._check_called_items(moves=self)
        if vals.keys() & {"state", "date"}:
            self.env["kmp.contribution.transfer"]._sync(moves=self)
        return result

    def unlink(self):
        self._check_no_dues_entry()
        return super().unlink()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        self._check_no_dues_entry()
        return super()._reverse_moves(default_values_list, cancel)

    def _check_no_dues_entry(self):
        if is_unsealed(self.env):
            return
        for move in self.sudo():  # sudo: the rule holds whoever edits the entry
            if move.kmp_dues_kind == "transfer":
                raise UserError(
                    self.env._(
                        "%(entry)s holds dues that were paid. Undo the matching of the payment instead: the entry follows.",
                        entry=move.display_name,
                    )
                )
            if move.kmp_dues_kind:
                raise UserError(
                    self.env._(
                        "%(entry)s belongs to %(run)s. Cancel that run, or some of its lines, instead.",
                        entry=move.display_name,
                        run=move.kmp_contribution_run_id.name,
                    )
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not is_unsealed(self.env):
            posted = lines.filtered(lambda line: line.parent_state == "posted")
            posted.move_id._check_no_dues_entry()
            posted._check_called_items_of_lines()
        return lines

    def write(self, vals):
        if not is_unsealed(self.env) and vals.keys() & SEALED_ITEM_FIELDS:
            self._check_no_dues_items()
        result = super().write(vals)
        if vals.keys() & CALLED_ITEM_FIELDS:
            self.filtered(lambda line: line.parent_state == "posted")._check_called_items_of_lines()
        return result

    def _check_no_dues_items(self):
        self.move_id.filtered(lambda move: move.state == "posted")._check_no_dues_entry()

    def _check_called_items_of_lines(self):
        if self:
            self._check_called_items(lines=self)

    @api.model
    def _check_called_items(self, moves=None, lines=None, companies=None):
        """Refuse posted journal items on an account for capital called that no run and no payment made.

        What is called and not paid equals the open dues of the members: that holds only if nothing else is posted there.

        :param moves, lines, companies: what to check; one of the three
        :raise ValidationError: names the entry and the account, and says what to do
        Query budget: one.
        """
        if moves is not None:
            scope = SQL("aml.move_id = ANY(%s)", moves.ids)
        elif lines is not None:
            scope = SQL("aml.id = ANY(%s)", lines.ids)
        else:
            scope = SQL("aml.company_id = ANY(%s)", companies.ids)
        self.flush_model(["account_id", "company_id", "move_id", "parent_state"])
        self.env["account.move"].flush_model(["kmp_dues_kind"])
        self.env["res.company"].flush_model(["kmp_dues_called_account_id"])
        self.env["kmp.contribution.run"].flush_model(["called_account_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT aml.id
                  FROM account_move_line aml
                  JOIN account_move move ON move.id = aml.move_id AND move.kmp_dues_kind IS NULL
                 WHERE %s AND aml.parent_state = 'posted'
                   AND aml.account_id IN (SELECT kmp_dues_called_account_id FROM res_company
                                           UNION SELECT called_account_id FROM kmp_contribution_run)
                 LIMIT 1
                """,
                scope,
            )
        )
        if rows:
            line = self.sudo().browse(
                rows[0][0]
            )  # sudo: the message names the record even where the user may not open it
            raise ValidationError(
                self.env._(
                    "Entry %(entry)s, item “%(item)s”: the account %(account)s holds capital called and not paid. Only billing, "
                    "cancelling and paying dues may post on it. Choose another account.",
                    entry=line.move_id.display_name,
                    item=line.name or "/",
                    account=line.account_id.display_name,
                )
            )
