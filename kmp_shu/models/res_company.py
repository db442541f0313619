from odoo import fields, models

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
