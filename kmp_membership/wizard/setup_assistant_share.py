from odoo import fields, models


class SetupAssistantShare(models.TransientModel):
    _name = "kmp.setup.assistant.share"
    _inherit = ["kmp.setup.assistant.account"]
    _description = "Set-up Assistant: Share Type"

    code = fields.Char(required=True)
    # What a co-op adds to a preset is mostly a special share; its kind is in a column that can be shown.
    kind = fields.Selection(
        lambda self: self.env["kmp.share.type"]._fields["kind"]._description_selection(self.env),
        required=True,
        default="special",
    )
    share_type_id = fields.Many2one("kmp.share.type", "Already There", readonly=True)
    account_type = fields.Selection(
        [
            ("equity", "Equity"),
            ("liability_current", "Current Liabilities"),
            ("liability_non_current", "Non-current Liabilities"),
        ],
        required=True,
        default="equity",
    )

    def _create_share_type(self):
        self.env["kmp.share.type"].create(
            {
                "code": self.code,
                "name": self.name,
                "kind": self.kind,
                "classification": "equity" if self.account_type == "equity" else "liability",
                "company_id": self.assistant_id.company_id.id,
                "account_id": self._get_or_create_account().id,
            }
        )
