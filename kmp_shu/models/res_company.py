from odoo import fields, models
from odoo.exceptions import UserError

MEMBER_LINE_LIMIT = 500
BACKGROUND_LIMIT = 20_000


class ResCompany(models.Model):
    _inherit = "res.company"

    shu_undistributed_account_id = fields.Many2one(
        "account.account",
        string="Undistributed Surplus",
        check_company=True,
        help="Debited with the surplus that the meeting distributes, usually the account of the "
        "unallocated earnings of earlier years.",
    )
    shu_payable_account_id = fields.Many2one(
        "account.account",
        string="SHU Payable to Members",
        check_company=True,
        domain="[('account_type', 'in', ('liability_payable', 'liability_current'))]",
        help="Credited with the members' shares until they are paid.",
    )
    shu_journal_id = fields.Many2one(
        "account.journal",
        string="SHU Journal",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )
    shu_member_line_limit = fields.Integer(
        string="Members per Entry",
        default=MEMBER_LINE_LIMIT,
        help="Up to this number of members the entry carries one line per member, above it one "
        "line per stakeholder class. The list of shares is the subledger in both cases.",
    )
    shu_background_limit = fields.Integer(
        string="Compute in the Background Above",
        default=BACKGROUND_LIMIT,
        help="Up to this number of members a distribution is computed and posted while you wait, above "
        "it in the background.",
    )

    def _check_own_currency(self, records, what):
        """A surplus is in the currency of the company, and so is all that is posted of it.

        :param records: journals or accounts
        :param what: names the document in the message
        :raise UserError: one of them is kept in another currency
        """
        foreign = records.sudo().filtered("currency_id")  # sudo: who confirms need not read the chart
        for record in foreign.filtered(lambda record: record.currency_id != self.currency_id):
            raise UserError(
                self.env._(
                    "%(what)s is in %(own)s, and %(record)s is kept in %(other)s. Choose one in %(own)s.",
                    what=what,
                    own=self.currency_id.name,
                    record=record.display_name,
                    other=record.currency_id.name,
                )
            )
