from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .cash_flows import FINANCING, INVESTING


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    kmp_is_member = fields.Boolean(
        "Of a Member",
        compute="_compute_kmp_is_member",
        search="_search_kmp_is_member",
        help="The partner is or was a member of the company: an item and its payment stay together when a "
        "member leaves.",
    )

    kmp_is_without_cash = fields.Boolean(
        "Without Cash",
        compute="_compute_kmp_is_without_cash",
        search="_search_kmp_is_without_cash",
        help="The entry is between investing and financing accounts alone: it is no cash flow. The notes tell it.",
    )

    @api.depends("partner_id")
    def _compute_kmp_is_member(self):
        found = self.search([("id", "in", self.ids), ("kmp_is_member", "=", True)]) if self.ids else self
        for line in self:
            line.kmp_is_member = line._origin in found

    def _search_kmp_is_member(self, operator, value):
        if operator != "in":
            return NotImplemented
        members = Domain.custom(to_sql=self._get_member_condition)
        return members if True in value else ~members

    @staticmethod
    def _get_member_condition(_model, alias, _query) -> SQL:
        return SQL(
            """(%(line)s.company_id, %(line)s.partner_id) IN (
                   SELECT company_id, partner_id FROM kmp_membership WHERE date_start IS NOT NULL)""",
            line=SQL.identifier(alias),
        )

    @api.depends("move_id.line_ids.account_id")
    @api.depends_context("company")
    def _compute_kmp_is_without_cash(self):
        found = (
            self.search([("id", "in", self.ids), ("kmp_is_without_cash", "=", True)]) if self.ids else self
        )
        for line in self:
            line.kmp_is_without_cash = line._origin in found

    def _search_kmp_is_without_cash(self, operator, value):
        if operator != "in":
            return NotImplemented
        moves = Domain("move_id", "in", self._get_moves_without_cash(self.env.company))
        return moves if True in value else ~moves

    @api.model
    def _get_moves_without_cash(self, company) -> SQL:
        """Ids of the entries of the company that are between investing and financing accounts alone, see `kmp.cash.flows`."""
        account_ids = self.env["kmp.cash.flows"]._get_account_ids(company, INVESTING + FINANCING)
        return SQL(
            """
            SELECT item.move_id FROM account_move_line item
             WHERE item.company_id = %(company)s AND item.account_id = ANY(%(accounts)s)
               AND NOT EXISTS (SELECT FROM account_move_line other
                                WHERE other.move_id = item.move_id AND other.company_id = %(company)s
                                  AND other.account_id != ALL(%(accounts)s))
            """,
            company=company.id,
            accounts=account_ids,
        )
