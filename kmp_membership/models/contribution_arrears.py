from odoo import fields, models
from odoo.tools import SQL


class ContributionArrears(models.Model):
    """Members who owe dues, with the age of what they owe: read from the open items in one query, one row per member.

    Ages are days since the due date, which itself counts as day 0. The id is that of the membership.
    """

    _name = "kmp.contribution.arrears"
    _description = "Dues in Arrears"
    _auto = False
    _order = "amount_due desc, amount_open desc, id"
    _rec_name = "membership_id"
    _depends = {
        "account.move.line": ["amount_residual", "reconciled", "date_maturity", "account_id"],
        "kmp.contribution.line": ["state", "move_line_id", "company_id", "membership_id"],
        "kmp.membership": ["class_id", "state", "partner_id"],
    }

    membership_id = fields.Many2one("kmp.membership", "Member", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    class_id = fields.Many2one("kmp.stakeholder.class", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    member_state = fields.Selection(related="membership_id.state")
    email = fields.Char(related="partner_id.email", groups="kmp_membership.group_clerk")
    phone = fields.Char(related="partner_id.phone", groups="kmp_membership.group_clerk")
    date_oldest = fields.Date("Due Since", readonly=True)
    item_count = fields.Integer("Open Items", readonly=True)
    amount_not_due = fields.Monetary("Not Due Yet", readonly=True)
    amount_30 = fields.Monetary("0–30 Days", readonly=True)
    amount_60 = fields.Monetary("31–60 Days", readonly=True)
    amount_90 = fields.Monetary("61–90 Days", readonly=True)
    amount_older = fields.Monetary("Over 90 Days", readonly=True)
    amount_due = fields.Monetary("Due", readonly=True)
    amount_open = fields.Monetary("Total Open", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT m.id, m.id AS membership_id, m.company_id, m.class_id, m.partner_id, MIN(due.date_due) AS date_oldest,
                   COUNT(*) AS item_count, SUM(due.amount_open) AS amount_open,
                   SUM(due.amount_open) FILTER (WHERE due.age < 0) AS amount_not_due,
                   SUM(due.amount_open) FILTER (WHERE due.age >= 0) AS amount_due,
                   SUM(due.amount_open) FILTER (WHERE due.age BETWEEN 0 AND 30) AS amount_30,
                   SUM(due.amount_open) FILTER (WHERE due.age BETWEEN 31 AND 60) AS amount_60,
                   SUM(due.amount_open) FILTER (WHERE due.age BETWEEN 61 AND 90) AS amount_90,
                   SUM(due.amount_open) FILTER (WHERE due.age > 90) AS amount_older
              FROM (SELECT o.*, %(today)s::date - o.date_due AS age FROM (%(open_dues)s) o) due
              JOIN kmp_membership m ON m.id = due.membership_id
             GROUP BY m.id
            """,
            today=fields.Date.context_today(self),
            open_dues=self.env["kmp.contribution.line"]._get_open_query(),
        )

    def action_open_lines(self):
        return self.membership_id.action_open_dues()

    def action_pay(self):
        return self.membership_id.action_pay_dues()

    def action_match_credits(self):
        return self.membership_id._match_dues_credits()

    def action_send_reminder(self):
        """Open the reminder for these members; it is sent to each and stays in the history of the member."""
        self.membership_id.check_access("write")
        template = self.env.ref("kmp_membership.mail_template_dues_reminder", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Reminder"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": "kmp.membership",
                "default_res_ids": self.membership_id.ids,
                "default_composition_mode": "mass_mail" if len(self) > 1 else "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "active_model": "kmp.membership",
                "active_ids": self.membership_id.ids,
            },
        }

    def action_open_member(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.membership",
            "res_id": self.membership_id.id,
            "view_mode": "form",
        }
