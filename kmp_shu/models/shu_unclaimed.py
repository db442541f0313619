from odoo import fields, models
from odoo.tools import SQL


class KmpShuUnclaimed(models.Model):
    """Shares that nobody has collected yet, with their age: read from the shares, one row each, less what corrections take back.

    Ages are days since the date of the entry of the distribution, which itself counts as day 0. The id is that of the share.
    """

    _name = "kmp.shu.unclaimed"
    _description = "Unclaimed SHU"
    _auto = False
    _order = "days desc, number"
    _rec_name = "number"
    _depends = {
        "kmp.shu.share": ["open_amount", "paid_amount", "run_id"],
        "kmp.shu.payout.line": ["amount", "state"],
        "kmp.shu.run": ["state", "move_id"],
        "kmp.membership": ["state", "left_reason"],
        "account.move": ["date"],
    }

    run_id = fields.Many2one("kmp.shu.run", "Distribution", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    membership_id = fields.Many2one("kmp.membership", "Member", readonly=True)
    number = fields.Char("Member Number", readonly=True)
    class_id = fields.Many2one("kmp.stakeholder.class", readonly=True)
    member_state = fields.Selection(related="membership_id.state", string="Member Status")
    left_reason = fields.Selection(related="membership_id.left_reason")
    since = fields.Date(readonly=True, help="The date of the entry of the distribution.")
    days = fields.Integer(readonly=True, aggregator="max")
    age = fields.Selection(
        [
            ("0_90", "0–90 days"),
            ("91_365", "91–365 days"),
            ("1_2_years", "1–2 years"),
            ("2_5_years", "2–5 years"),
            ("over_5_years", "Over 5 years"),
        ],
        readonly=True,
    )
    paid_amount = fields.Monetary("Paid", readonly=True)
    open_amount = fields.Monetary("Open", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT id, run_id, company_id, membership_id, number, class_id, since, days, paid_amount, open_amount,
                   CASE WHEN days <= 90 THEN '0_90' WHEN days <= 365 THEN '91_365' WHEN days <= 730 THEN '1_2_years'
                        WHEN days <= 1825 THEN '2_5_years' ELSE 'over_5_years' END AS age
              FROM (SELECT share.id, share.run_id, share.company_id, share.membership_id, share.number, share.class_id,
                           entry.date AS since, %(today)s::date - entry.date AS days,
                           COALESCE(share.paid_amount, 0) AS paid_amount,
                           share.open_amount + COALESCE(back.amount, 0) AS open_amount
                      FROM kmp_shu_share share
                      JOIN kmp_shu_run run ON run.id = share.run_id AND run.state IN ('posted', 'closed')
                      JOIN account_move entry ON entry.id = run.move_id
                 LEFT JOIN (%(taken_back)s) back ON back.share_id = share.id
                     WHERE share.open_amount + COALESCE(back.amount, 0) > 0) share
            """,
            taken_back=self.env["kmp.shu.share"]._get_taken_back_query(SQL("share.open_amount > 0")),
            today=fields.Date.context_today(self),
        )

    def action_prepare_payout(self):
        self.check_access("read")
        return self.env["kmp.shu.share"].browse(self.ids).action_prepare_payout()

    def action_open_share(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.share",
            "res_id": self.id,
            "view_mode": "form",
        }
