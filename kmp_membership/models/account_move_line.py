from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import is_unsealed

SHARE_ITEM_FIELDS = {"account_id", "partner_id", "company_id", "move_id"}
SEALED_ITEM_FIELDS = SHARE_ITEM_FIELDS | {"balance", "debit", "credit", "amount_currency", "currency_id"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        posted = lines.filtered(lambda line: line.parent_state == "posted")
        posted._check_no_document()
        posted._check_share_items_of_lines()
        return lines

    def write(self, vals):
        if vals.keys() & SEALED_ITEM_FIELDS:
            self.filtered(lambda line: line.parent_state == "posted")._check_no_document()
        result = super().write(vals)
        if vals.keys() & SHARE_ITEM_FIELDS:
            self.filtered(lambda line: line.parent_state == "posted")._check_share_items_of_lines()
        return result

    def _check_no_document(self):
        if self and not is_unsealed(self.env):
            self.move_id._check_no_document()

    def _check_share_items_of_lines(self):
        if self:
            self._check_share_items(lines=self)

    @api.model
    def _check_share_items(self, moves=None, lines=None, share_types=None):
        """Refuse posted journal items on a share account whose partner is not a member of the company.

        The ledger is the share register: an item that names no member would be capital of nobody. A branch cannot post on the
        share accounts of its parent company, because the register belongs to the company that has the members.

        :param moves, lines, share_types: what to check; one of the three
        :raise ValidationError: names the entry, the item and the account, and says what to do
        Query budget: one.
        """
        if moves is not None:
            scope = SQL("aml.move_id = ANY(%s)", moves.ids)
        elif lines is not None:
            scope = SQL("aml.id = ANY(%s)", lines.ids)
        else:
            scope = SQL("t.id = ANY(%s)", share_types.ids)
        self.flush_model([*SHARE_ITEM_FIELDS, "parent_state"])
        self.env["kmp.share.type"].flush_model(["account_id", "company_id"])
        self.env["kmp.membership"].flush_model(["partner_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT aml.id, t.id
                  FROM account_move_line aml
                  JOIN res_company c ON c.id = aml.company_id
                  JOIN kmp_share_type t ON t.account_id = aml.account_id
                   AND t.company_id = ANY(string_to_array(rtrim(c.parent_path, '/'), '/')::int[])
             LEFT JOIN kmp_membership m ON m.partner_id = aml.partner_id AND m.company_id = t.company_id
                 WHERE %s AND aml.parent_state = 'posted' AND (m.id IS NULL OR aml.company_id <> t.company_id)
                 ORDER BY aml.date, aml.id
                 LIMIT 1
                """,
                scope,
            )
        )
        if rows:
            line_id, type_id = rows[0]
            # sudo: the message must name the records even where the user may not open them
            line = self.sudo().browse(line_id)
            raise ValidationError(line._share_item_message(self.env["kmp.share.type"].sudo().browse(type_id)))

    def _share_item_message(self, share_type):
        self.ensure_one()
        names = {
            "entry": self.move_id.display_name,
            "item": self.name or "/",
            "account": self.account_id.display_name,
            "share_type": share_type.name,
            "partner": self.partner_id.display_name,
            "company": share_type.company_id.name,
        }
        if self.company_id != share_type.company_id:
            return self.env._(
                "Entry %(entry)s, item “%(item)s”: the account %(account)s holds %(share_type)s of %(company)s and can be posted "
                "on in that company only.",
                **names,
            )
        if not self.partner_id:
            return self.env._(
                "Entry %(entry)s, item “%(item)s”: the account %(account)s holds %(share_type)s, so the item must name a member. "
                "Set the member as its partner, or choose another account.",
                **names,
            )
        return self.env._(
            "Entry %(entry)s, item “%(item)s”: the account %(account)s holds %(share_type)s, but %(partner)s is not a member of "
            "%(company)s. Register the membership first, or choose another partner or account.",
            **names,
        )
