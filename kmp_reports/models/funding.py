from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Funding(models.Model):
    """An agreement by which somebody else's money came to the co-operative: a grant, a loan, participation capital.

    UU 25/1992 art. 41 and 42: grants are own capital, loans of members, other co-operatives and banks (LPDB) are borrowed capital, and
    participation capital stands apart. The ledger says what came in and what became of it (`funding_ledger.py`); no balance is kept here.
    """

    _name = "kmp.funding"
    _description = "Grant or Loan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_received desc, name"
    _check_company_auto = True

    name = fields.Char("Agreement Number", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    capital_type = fields.Selection(
        [("grant", "Grant (hibah)"), ("loan", "Loan"), ("participation", "Participation capital")],
        "Kind of Capital",
        required=True,
        default="grant",
        tracking=True,
    )
    source_type = fields.Selection(
        [
            ("government", "Government"),
            ("village", "Village"),
            ("lpdb", "LPDB"),
            ("bank", "Bank"),
            ("cooperative", "Other co-operative"),
            ("member", "Members"),
            ("private", "Company or person"),
        ],
        "Kind of Source",
        required=True,
        tracking=True,
    )
    source_name = fields.Char(
        "Source",
        required=True,
        compute="_compute_source_name",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        help="Where two agreements stand on one account, the contact of the journal item says which one it belongs to.",
    )
    amount = fields.Monetary("Agreed Amount", required=True, tracking=True)
    date_received = fields.Date("Received On", required=True, tracking=True)
    date_due = fields.Date("Due On", tracking=True, help="The day by which a loan is repaid in full.")
    account_id = fields.Many2one(
        "account.account",
        "Capital Account",
        required=True,
        check_company=True,
        ondelete="restrict",
        index=True,
        domain="[('account_type', '=like', 'equity%')] if capital_type == 'grant' else "
        "[('account_type', 'in', ('liability_current', 'liability_non_current', 'equity', 'income_other'))]",
        help="Credited with what comes in, debited with what is repaid.",
    )
    use_account_ids = fields.Many2many(
        "account.account",
        string="Accounts of Use",
        check_company=True,
        help="What is debited to these accounts from the day of receipt on was spent of this money.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        check_company=True,
        index=True,
        help="What journal items carry this analytic account was spent of this money, whatever their account.",
    )
    purpose = fields.Text(help="What the money was given for, as the agreement says.")

    _name_unique = models.Constraint(
        "UNIQUE(company_id, name)", "Another grant or loan of the co-operative has this agreement number."
    )
    _amount_positive = models.Constraint("CHECK(amount > 0)", "The agreed amount must be above zero.")
    _due_after_receipt = models.Constraint(
        "CHECK(date_due IS NULL OR date_due >= date_received)",
        "Money falls due after it was received, not before.",
    )

    @api.depends("partner_id")
    def _compute_source_name(self):
        for funding in self:
            funding.source_name = funding.partner_id.name or funding.source_name

    @api.constrains("account_id", "partner_id", "company_id", "active")
    def _check_told_apart(self):
        """Two agreements on one account are told apart by the contact of the journal items."""
        for funding in self.filtered("active"):
            other = self.search(
                [
                    ("id", "!=", funding.id),
                    ("company_id", "=", funding.company_id.id),
                    ("account_id", "=", funding.account_id.id),
                ]
            ).filtered(
                lambda other, partner=funding.partner_id: (
                    not partner or other.partner_id in (partner, partner.browse())
                )
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(name)s and %(other)s stand on account %(account)s and cannot be told apart. Give each an account of its own, or a contact of its own.",
                        name=funding.name,
                        other=other[0].name,
                        account=funding.account_id.display_name,
                    )
                )
