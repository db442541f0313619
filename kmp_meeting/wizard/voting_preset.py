from odoo import Command, api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.kmp_membership.models.membership import OFFICER

from ..presets import PRESETS, ClassLine, line_for


class VotingPreset(models.TransientModel):
    """Make voting rules from a preset and the classes of the company: a draft, free to change."""

    _name = "kmp.voting.preset"
    _description = "Voting Rules from a Preset"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    preset = fields.Selection(
        lambda self: [(key, self.env._(preset.name)) for key, preset in PRESETS.items()],
        default="kmp",
        required=True,
    )
    source = fields.Char(compute="_compute_source")
    warning = fields.Char(compute="_compute_source")
    line_ids = fields.One2many(
        "kmp.voting.preset.line",
        "wizard_id",
        "Classes",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.constrains("company_id")
    def _check_company(self):
        if self.company_id - self.env.companies:
            raise AccessError(self.env._("Switch to that company first."))

    @api.depends("preset", "company_id")
    def _compute_source(self):
        for wizard in self:
            preset = PRESETS[wizard.preset or "one_vote"]
            wizard.source = self.env._(preset.source)
            count = len(wizard._get_classes())
            wizard.warning = (
                self.env._(
                    "Made for %(made)s classes; there are %(count)s here. Set their weights.",
                    made=preset.class_count,
                    count=count,
                )
                if preset.class_count and preset.class_count != count
                else False
            )

    @api.depends("preset", "company_id")
    def _compute_line_ids(self):
        for wizard in self:
            preset = PRESETS[wizard.preset or "one_vote"]
            lines = [(each, line_for(preset, each.role)) for each in wizard._get_classes()]
            wizard.line_ids = [
                Command.clear(),
                *(Command.create({"class_id": each.id, **line._asdict()}) for each, line in lines if line),
            ]

    def _get_classes(self):
        return self.env["kmp.stakeholder.class"].search([("company_id", "=", self.company_id.id)])

    def action_apply(self):
        """Create the rules as a draft and show them. For officers."""
        self.ensure_one()
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may set up voting rules."))
        rule = self.env["kmp.voting.rule"].create(self._prepare_rule_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": rule._name,
            "res_id": rule.id,
            "view_mode": "form",
        }

    def _prepare_rule_vals(self):
        preset = PRESETS[self.preset]
        bylaws = self.env["kmp.bylaws"].search([("company_id", "=", self.company_id.id)], limit=1)
        return {
            "name": self.env._(preset.name),
            "source": self.source,
            "company_id": self.company_id.id,
            "bylaws_id": bylaws.id,
            "weight_source": preset.weight_source,
            "transfer": preset.transfer,
            "line_ids": [
                Command.create(
                    {"class_id": line.class_id.id, **{name: line[name] for name in ClassLine._fields}}
                )
                for line in self.line_ids
            ],
        }


class VotingPresetLine(models.TransientModel):
    _name = "kmp.voting.preset.line"
    _description = "Voting Rules from a Preset: Class"

    wizard_id = fields.Many2one("kmp.voting.preset", required=True, ondelete="cascade")
    class_id = fields.Many2one("kmp.stakeholder.class", required=True, ondelete="cascade")
    weight = fields.Char()
    floor = fields.Char()
    cap = fields.Char()
    has_veto = fields.Boolean("Veto")
