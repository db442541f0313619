from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# A holding's id names its member and share type: member * TYPES + type. Exact in a browser up to 8,000 million members.
TYPES = 2**20


class ShareHolding(models.Model):
    """What each member holds of each share type today: the sum of the posted journal items, one row per member and type."""

    _name = "kmp.share.holding"
    _description = "Share Holding"
    _auto = False
    _order = "membership_id, sequence, share_type_id"
    _rec_name = "share_type_id"
    _depends = {
        "account.move.line": ["account_id", "balance", "company_id", "date", "parent_state", "partner_id"],
        "kmp.membership": ["company_id", "partner_id"],
        "kmp.share.type": ["account_id", "company_id", "sequence"],
    }

    membership_id = fields.Many2one("kmp.membership", "Member", readonly=True)
    share_type_id = fields.Many2one("kmp.share.type", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    sequence = fields.Integer(readonly=True)
    date_last = fields.Date("Last Movement", readonly=True)
    balance = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        """Asked for some members, PostgreSQL reads the items of these only: the member is part of the grouping."""
        return SQL(
            """
            SELECT m.id::bigint * %s + t.id AS id, m.id AS membership_id, t.id AS share_type_id, m.company_id, t.sequence,
                   MAX(aml.date) AS date_last, -SUM(aml.balance) AS balance
              FROM kmp_membership m
              JOIN account_move_line aml ON aml.partner_id = m.partner_id AND aml.company_id = m.company_id
              JOIN kmp_share_type t ON t.account_id = aml.account_id AND t.company_id = m.company_id
             WHERE aml.parent_state = 'posted' AND aml.date <= %s
             GROUP BY m.id, t.id
            """,
            TYPES,
            fields.Date.context_today(self),
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Asked by id, as a screen asks when it shows a list: these are some members, too."""
        return super()._search(Domain(domain).map_conditions(self._name_members), *args, **kwargs)

    @api.model
    def _name_members(self, condition):
        if (condition.field_expr, condition.operator) != ("id", "in"):
            return condition
        members = {holding // TYPES for holding in condition.value if isinstance(holding, int)}
        return condition & Domain("membership_id", "in", members)
