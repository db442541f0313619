from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from ..models.membership import OFFICER
from ..models.share_type import ACCOUNT_TYPES, SAVINGS_KINDS
from ..presets import PRESETS

KEYWORDS = {
    "membership": ("simpanan pokok", "membership share"),
    "compulsory": ("simpanan wajib", "compulsory contribution"),
    "special": ("simpanan khusus", "special share"),
    "participation": ("modal penyertaan", "participation capital"),
    "voluntary": ("simpanan sukarela", "voluntary saving"),
    "term": ("simpanan berjangka", "term saving"),
}

# Where a chart without any account of the type begins.
FIRST_CODES = {"equity": "310000", "asset_receivable": "110000", "asset_current": "119000"}


class SetupAssistant(models.TransientModel):
    """Find or create what a co-operative needs in the chart of accounts that it already has.

    It proposes and never overwrites: what exists is shown as done. It can be run again at any time.
    """

    _name = "kmp.setup.assistant"
    _description = "Set-up Assistant"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    preset = fields.Selection(
        lambda self: [(key, self.env._(preset.name)) for key, preset in PRESETS.items()],
        default="kmp",
        required=True,
    )
    source = fields.Char(compute="_compute_source")
    class_line_ids = fields.One2many(
        "kmp.setup.assistant.class",
        "assistant_id",
        compute="_compute_lines",
        store=True,
        readonly=False,
        string="Classes",
    )
    share_line_ids = fields.One2many(
        "kmp.setup.assistant.share",
        "assistant_id",
        compute="_compute_lines",
        store=True,
        readonly=False,
        string="Shares",
    )

    @api.depends("preset")
    def _compute_source(self):
        for assistant in self:
            assistant.source = self.env._(PRESETS[assistant.preset].source) if assistant.preset else False

    @api.depends("preset", "company_id")
    def _compute_lines(self):
        for assistant in self:
            if not assistant.preset:
                continue
            preset = PRESETS[assistant.preset]
            assistant.class_line_ids = [
                Command.clear(),
                *map(Command.create, assistant._get_class_lines(preset)),
            ]
            assistant.share_line_ids = [
                Command.clear(),
                *map(Command.create, assistant._get_share_lines(preset)),
            ]

    def _get_class_lines(self, preset):
        existing = self._get_existing("kmp.stakeholder.class")
        return [
            {
                "code": stakeholder_class.code,
                "name": self.env._(stakeholder_class.name),
                "role": stakeholder_class.role,
                "vote_weight": stakeholder_class.vote_weight,
                "class_id": existing.get(stakeholder_class.code, self.env["kmp.stakeholder.class"]).id,
            }
            for stakeholder_class in preset.classes
        ]

    def _get_share_lines(self, preset):
        existing = self._get_existing("kmp.share.type")
        by_kind = {share_type.kind: share_type for share_type in existing.values()}
        lines, taken = [], {}
        for share in preset.shares:
            share_type = existing.get(share.code) or by_kind.get(share.kind) or self.env["kmp.share.type"]
            account = share_type.account_id or self._find_share_account(
                share.kind, {line["account_id"] for line in lines}
            )
            account_type = "liability_current" if share.kind in SAVINGS_KINDS else "equity"
            lines.append(
                {
                    "code": share.code,
                    "name": self.env._(share.name),
                    "kind": share.kind,
                    "share_type_id": share_type.id,
                    "account_id": account.id,
                    "account_code": account.code or self._propose_code(account_type, taken),
                    "account_name": account.name or self.env._(share.name),
                    "account_type": account.account_type or account_type,
                }
            )
        return lines

    def _get_existing(self, model):
        """{code: record}, archived too: what was archived is not made again."""
        records = (
            self.env[model].with_context(active_test=False).search([("company_id", "=", self.company_id.id)])
        )
        return {record.code: record for record in records}

    def _find_share_account(self, kind, used_ids):
        """An account of the company whose name says what it is for, and that no share type uses."""
        classification = "liability" if kind in SAVINGS_KINDS else "equity"
        of_types = self.env["kmp.share.type"].union(*self._get_existing("kmp.share.type").values())
        used_ids = {*used_ids, *of_types.account_id.ids}
        return self._find_account(KEYWORDS[kind], ACCOUNT_TYPES[classification], used_ids)

    def _find_account(self, keywords, account_types, used_ids=()):
        accounts = self.env["account.account"].with_company(self.company_id)
        for keyword in keywords:
            domain = [
                *accounts._check_company_domain(self.company_id),
                ("account_type", "in", account_types),
                ("name", "ilike", keyword),
                ("id", "not in", [account_id for account_id in used_ids if account_id]),
            ]
            if found := accounts.search(domain, limit=1):
                return found
        return accounts

    def _propose_code(self, account_type, taken):
        """The next free code after the share accounts that exist, else after the first account of that type: there the capital
        (or the payables) begin in a chart that is kept in order."""
        accounts = self.env["account.account"].with_company(self.company_id)
        if account_type not in taken:
            share_types = self.env["kmp.share.type"].union(*self._get_existing("kmp.share.type").values())
            of_shares = share_types.account_id.with_company(self.company_id).filtered(
                lambda account: account.account_type == account_type
            )
            of_type = accounts.search(
                [*accounts._check_company_domain(self.company_id), ("account_type", "=", account_type)]
            )
            first = min(
                filter(None, of_type.mapped("code")),
                default=FIRST_CODES.get(account_type, "210000"),
            )
            taken[account_type] = {
                "last": max(filter(None, of_shares.mapped("code")), default=first),
                "codes": set(),
            }
        state = taken[account_type]
        code = accounts._search_new_account_code(state["last"], state["codes"])
        state["last"] = code
        state["codes"].add(code)
        return code

    def action_apply(self):
        """Create what is missing. For officers; an account only for those who may configure accounting.

        :raise UserError: a class or share type without code or account
        """
        self.ensure_one()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may set it up."))
        classes = self.class_line_ids.filtered(lambda line: line.is_wanted and not line.class_id)
        self.env["kmp.stakeholder.class"].create([line._prepare_class_vals() for line in classes])
        for line in self.share_line_ids.filtered(lambda line: line.is_wanted and not line.share_type_id):
            line._create_share_type()
        self._apply_dues()
        return self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_type_action")


class SetupAssistantClass(models.TransientModel):
    _name = "kmp.setup.assistant.class"
    _description = "Set-up Assistant: Class"

    assistant_id = fields.Many2one("kmp.setup.assistant", required=True, ondelete="cascade")
    is_wanted = fields.Boolean("Create", default=True)
    code = fields.Char(required=True)
    name = fields.Char(required=True)
    role = fields.Selection(
        lambda self: self.env["kmp.stakeholder.class"]._fields["role"]._description_selection(self.env),
        required=True,
    )
    vote_weight = fields.Float("Votes (%)")
    class_id = fields.Many2one("kmp.stakeholder.class", "Already There", readonly=True)

    def _prepare_class_vals(self):
        return {
            "code": self.code,
            "name": self.name,
            "role": self.role,
            "vote_weight": self.vote_weight,
            "company_id": self.assistant_id.company_id.id,
        }
