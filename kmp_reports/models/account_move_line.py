from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    kmp_is_member = fields.Boolean(
        "Of a Member",
        compute="_compute_kmp_is_member",
        search="_search_kmp_is_member",
        help="The partner is or was a member of the company: an item and its payment stay together when a "
        "member leaves.",
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
