from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..tools import is_unsealed

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

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "posted":
            self.env["account.move.line"]._check_called_items(moves=self)
        if vals.keys() & {"state", "date"}:
            self.env["kmp.contribution.transfer"]._sync(moves=self)
        return result

    @api.model
    def _get_sealed_fields(self):
        return super()._get_sealed_fields() | {"kmp_dues_kind", "kmp_contribution_run_id"}

    def _check_no_document(self):
        super()._check_no_document()
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
            lines.filtered(lambda line: line.parent_state == "posted")._check_called_items_of_lines()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & CALLED_ITEM_FIELDS:
            self.filtered(lambda line: line.parent_state == "posted")._check_called_items_of_lines()
        return result

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
