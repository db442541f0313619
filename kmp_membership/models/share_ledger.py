from odoo import api, fields, models
from odoo.tools import SQL


class ShareLedger(models.Model):
    """Posted journal items on share accounts, as the member reads them: paid in is positive (Buku Simpanan).

    A view on the ledger, not a copy: one row per journal item, under its id, with the class of the member on that day.
    """

    _name = "kmp.share.ledger"
    _description = "Share Ledger"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_name"
    _depends = {
        "account.move.line": [
            "account_id",
            "partner_id",
            "company_id",
            "date",
            "balance",
            "parent_state",
            "name",
            "move_name",
            "move_id",
        ],
        "kmp.membership": ["partner_id", "company_id"],
        "kmp.membership.period": ["membership_id", "class_id", "date_from", "date_to"],
        "kmp.share.type": ["account_id", "company_id", "kind"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    membership_id = fields.Many2one("kmp.membership", "Member", readonly=True)
    class_id = fields.Many2one("kmp.stakeholder.class", "Class on That Day", readonly=True)
    share_type_id = fields.Many2one("kmp.share.type", readonly=True)
    kind = fields.Selection(related="share_type_id.kind")
    date = fields.Date(readonly=True)
    move_id = fields.Many2one("account.move", "Journal Entry", readonly=True)
    move_name = fields.Char("Entry", readonly=True)
    name = fields.Char("Description", readonly=True)
    amount = fields.Monetary("Paid In", readonly=True, aggregator="sum")
    balance = fields.Monetary(
        compute="_compute_balance", help="What the member holds of this share type after the item."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT aml.id, aml.company_id, m.id AS membership_id, p.class_id, t.id AS share_type_id, aml.date, aml.move_id,
                   aml.move_name, aml.name, -aml.balance AS amount
              FROM account_move_line aml
              JOIN kmp_share_type t ON t.account_id = aml.account_id AND t.company_id = aml.company_id
              JOIN kmp_membership m ON m.partner_id = aml.partner_id AND m.company_id = aml.company_id
         LEFT JOIN kmp_membership_period p ON p.membership_id = m.id AND aml.date >= p.date_from
               AND (p.date_to IS NULL OR aml.date <= p.date_to)
             WHERE aml.parent_state = 'posted'
            """
        )

    @api.depends("amount")
    def _compute_balance(self):
        """Query budget: one for all records of the page."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, balance FROM (
                    SELECT id, SUM(amount) OVER (PARTITION BY membership_id, share_type_id ORDER BY date, id) AS balance
                      FROM (%s) ledger WHERE membership_id = ANY(%s)
                ) running WHERE id = ANY(%s)
                """,
                self._table_query,
                self.membership_id.ids,
                self.ids,
            )
        )
        balances = dict(rows)
        for item in self:
            item.balance = balances.get(item.id, 0)

    def action_open_entry(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }
