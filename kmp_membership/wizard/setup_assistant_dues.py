from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

JOURNAL_KEYWORDS = ("simpanan", "iuran", "dues")
JOURNAL_CODE = "SIMP"


class SetupAssistant(models.TransientModel):
    """The accounts and the journal for billing dues: proposed where the company has none, and left out at will."""

    _inherit = "kmp.setup.assistant"

    dues_line_ids = fields.One2many(
        "kmp.setup.assistant.dues",
        "assistant_id",
        compute="_compute_dues",
        store=True,
        readonly=False,
        string="Dues",
    )
    has_dues_journal = fields.Boolean(compute="_compute_dues", store=True)
    dues_journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_dues",
        store=True,
        readonly=False,
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
    )

    @api.depends("company_id")
    def _compute_dues(self):
        for assistant in self:
            company = assistant.company_id.sudo()  # sudo: officers do not read the settings of the company
            assistant.has_dues_journal = bool(company.kmp_dues_journal_id)
            assistant.dues_journal_id = company.kmp_dues_journal_id or assistant._find_dues_journal()
            taken = {}
            assistant.dues_line_ids = [
                Command.clear(),
                *(
                    Command.create(assistant._get_dues_line(kind, taken))
                    for kind in ("asset_receivable", "asset_current")
                ),
            ]

    def _get_dues_line(self, account_type, taken):
        """Both new accounts stand side by side among the receivables: one is shown net of the other."""
        lines = self.env["kmp.setup.assistant.dues"]
        name = lines._get_company_field(account_type)
        label = self.company_id._fields[name]._description_string(self.env)
        known = self.company_id.sudo()[name]  # sudo: as above
        account = known or self._find_account(lines._get_keywords(account_type), [account_type])
        return {
            "name": label,
            "account_type": account_type,
            "is_done": bool(known),
            "account_id": account.id,
            "account_code": account.code or self._propose_code("asset_receivable", taken),
            "account_name": account.name or label,
        }

    def _find_dues_journal(self):
        journals = self.env["account.journal"]
        for keyword in JOURNAL_KEYWORDS:
            domain = [
                ("company_id", "=", self.company_id.id),
                ("type", "=", "general"),
                ("name", "ilike", keyword),
            ]
            if found := journals.search(domain, limit=1):
                return found
        return journals

    def _apply_dues(self):
        """Fill what the settings of the company do not say yet."""
        lines = self.dues_line_ids.filtered(lambda line: line.is_wanted and not line.is_done)
        # sudo: the settings of a company belong to administrators; an officer fills what is empty, and checks of accounts still hold
        company = self.company_id.sudo()
        for line in lines:
            name = line._get_company_field(line.account_type)
            if not company[name]:
                company[name] = line._get_or_create_account()
        if self.dues_line_ids.filtered("is_wanted") and not company.kmp_dues_journal_id:
            company.kmp_dues_journal_id = self.dues_journal_id or self._create_dues_journal()

    def _create_dues_journal(self):
        journals = self.env["account.journal"].with_company(self.company_id)
        if not journals.has_access("create"):
            raise AccessError(
                self.env._(
                    "Dues need a new journal. Ask an administrator of accounting to run this assistant, or choose an existing one."
                )
            )
        return journals.create(
            {
                "name": self.env._("Dues of Members"),
                "code": JOURNAL_CODE,
                "type": "general",
                "company_id": self.company_id.id,
            }
        )


class SetupAssistantDues(models.TransientModel):
    _name = "kmp.setup.assistant.dues"
    _inherit = ["kmp.setup.assistant.account"]
    _description = "Set-up Assistant: Account for Dues"

    is_done = fields.Boolean("Already There", readonly=True)
    account_type = fields.Selection(
        [("asset_receivable", "Receivable"), ("asset_current", "Current Assets")], required=True
    )

    @api.model
    def _get_company_field(self, account_type):
        return {
            "asset_receivable": "kmp_dues_receivable_account_id",
            "asset_current": "kmp_dues_called_account_id",
        }[account_type]

    @api.model
    def _get_keywords(self, account_type):
        return {
            "asset_receivable": ("piutang simpanan", "piutang iuran", "receivable for capital"),
            "asset_current": ("simpanan belum disetor", "modal belum disetor", "capital called"),
        }[account_type]
