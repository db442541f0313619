from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

EDITORS = ("account.group_account_manager", "kmp_shu.group_shu_accountant")


class StatementAccount(models.TransientModel):
    """An account that no line of the statements takes, or that more than one takes, and the tag that puts it on one."""

    _name = "kmp.statement.account"
    _description = "Account to Place in the Statements"
    _order = "problem, account_code, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    account_id = fields.Many2one("account.account", required=True, readonly=True, ondelete="cascade")
    account_code = fields.Char(readonly=True)
    account_type = fields.Selection(related="account_id.account_type", help="As set on the account.")
    kind = fields.Selection(
        [("position", "Financial Position"), ("result", "Business Result")], "Statement", readonly=True
    )
    problem = fields.Selection(
        [("missing", "On no line"), ("double", "On several lines")], required=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    balance = fields.Monetary(readonly=True, help="Debit less credit of all posted items.")
    date_to = fields.Date(readonly=True)
    tag_id = fields.Many2one(
        "account.account.tag",
        "Put on Line",
        domain="[('kmp_place', '!=', False)]",
        help="The account gets this tag, and loses any other that puts it somewhere.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "tag_id" in vals:
            for line in self:
                line._put()
        return result

    def _put(self):
        """Give the account its tag.

        :raise AccessError: the user may not configure accounts
        :raise UserError: the account is Odoo's own of the earnings, which has its line
        """
        if not any(self.env.user.has_group(group) for group in EDITORS):
            raise AccessError(self.env._("Only an accountant puts accounts on lines of the statements."))
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("Switch to the company %s first.", self.company_id.sudo().display_name)
            )
        if self.account_id.account_type == "equity_unaffected":
            raise UserError(
                self.env._(
                    "%s holds the surplus that Odoo carries forward and always stands there.",
                    self.account_id.display_name,
                )
            )
        # sudo: who keeps the books may place an account without the right to create or rename one
        account = self.account_id.sudo()
        account.tag_ids = [
            *(Command.unlink(tag.id) for tag in account.tag_ids if tag.kmp_place),
            *([Command.link(self.tag_id.id)] if self.tag_id else []),
        ]

    def action_open_items(self):
        """The posted items of the account."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.account_id.display_name,
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", self.date_to),
            ],
            "context": {"create": False},
        }

    @api.model
    def _open(self, company, date_from, date_to):
        """The action that shows the accounts to look at; with the sums that do not meet in its help."""
        statements = self.env["kmp.statement"]
        lines = self.create(self._prepare_lines(company, date_to))
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_reports.statement_account_action")
        problems = statements._check(company, date_from, date_to)
        differences = [problem.message for problem in problems if problem.difference]
        if not lines and differences:
            action["help"] = "<p>" + "<br/>".join(differences) + "</p>"
        return {**action, "domain": [("id", "in", lines.ids)]}

    @api.model
    def _prepare_lines(self, company, date_to):
        found = zip(
            ("missing", "double"), self.env["kmp.statement"]._get_misplaced(company, date_to), strict=True
        )
        return [
            {
                "company_id": company.id,
                "account_id": account.id,
                "account_code": account.with_company(company).code,
                "kind": kind,
                "problem": problem,
                "date_to": date_to,
                # Shown on the screen, never read back.
                "balance": float(balance),
            }
            for problem, by_kind in found
            for kind, accounts in by_kind.items()
            for account, balance in accounts.items()
        ]
