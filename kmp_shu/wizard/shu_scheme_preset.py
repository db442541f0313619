from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..presets import PRESETS

KEPT = ("reserve", "fund")


class ShuSchemePreset(models.TransientModel):
    """Begin a scheme from a preset: a draft on the company's own classes, bases and accounts."""

    _name = "kmp.shu.scheme.preset"
    _description = "Scheme from a preset"
    _check_company_auto = True

    preset = fields.Selection(
        lambda self: [(key, self.env._(preset.name)) for key, preset in PRESETS.items()],
        required=True,
        default="uu25",
    )
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    source = fields.Char(compute="_compute_source")
    has_patronage = fields.Boolean(compute="_compute_source")
    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    bylaws_id = fields.Many2one("kmp.bylaws", "By-laws", check_company=True)
    date_from = fields.Date(
        "In Force From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
    )
    basis_id = fields.Many2one(
        "kmp.patronage.basis",
        "Patronage Basis",
        check_company=True,
        default=lambda self: self.env["kmp.patronage.basis"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
        help="Whose business the lines by business count. Each line can have another one afterwards.",
    )
    reserve_account_id = fields.Many2one(
        "account.account",
        "Account of Reserves",
        check_company=True,
        domain="[('account_type', 'in', ('equity', 'equity_unaffected'))]",
    )
    fund_account_id = fields.Many2one(
        "account.account",
        "Account of Funds",
        check_company=True,
        domain="[('internal_group', '=', 'liability')]",
        help="Each fund should have an account of its own: change it in the lines.",
    )

    @api.depends("preset")
    def _compute_source(self):
        for wizard in self:
            preset = PRESETS.get(wizard.preset)
            wizard.source = preset and self.env._(preset.source)
            wizard.has_patronage = bool(preset) and any(line.kind == "patronage" for line in preset.lines)

    @api.depends("preset")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.preset and self.env._(PRESETS[wizard.preset].name)

    def action_apply(self):
        """Create the draft and open it. Raises UserError when a class of a role is missing."""
        self.ensure_one()
        scheme = self.env["kmp.shu.scheme"].create(self._prepare_scheme_vals())
        self._link_lines(scheme)
        scheme._message_log(body=self.env._(PRESETS[self.preset].source))
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.scheme",
            "view_mode": "form",
            "res_id": scheme.id,
        }

    def _prepare_scheme_vals(self):
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "bylaws_id": self.bylaws_id.id,
            "date_from": self.date_from,
            "line_ids": [
                Command.create(self._prepare_line_vals(line, 10 * place))
                for place, line in enumerate(PRESETS[self.preset].lines, start=1)
            ],
        }

    def _prepare_line_vals(self, line, sequence):
        measure, value = line.cap[:2] if line.cap else ("", 0)
        accounts = {"reserve": self.reserve_account_id.id, "fund": self.fund_account_id.id}
        return {
            "sequence": sequence,
            "code": line.code,
            "name": self.env._(line.name),
            "kind": line.kind,
            "percent": line.percent,
            "surplus_part": line.part,
            "floor_percent": line.floor,
            "cap_measure": measure or False,
            "cap_value": value,
            "condition": line.condition and self.env._(line.condition),
            "citation": self.env._(line.citation),
            "basis_id": line.kind == "patronage" and self.basis_id.id,
            "capital_base": line.kind == "capital" and line.capital_base,
            "account_id": accounts.get(line.kind, False),
            "split_ids": [Command.create(self._prepare_split_vals(*split)) for split in line.roles],
        }

    def _prepare_split_vals(self, role, percent):
        found = self.env["kmp.stakeholder.class"].search(
            [("company_id", "=", self.company_id.id), ("role", "=", role)], limit=1
        )
        if not found:
            roles = dict(self.env["kmp.stakeholder.class"]._fields["role"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(preset)s divides by class, and %(company)s has no stakeholder class of the role "
                    "%(role)s. Create it first, or choose another preset.",
                    preset=self.env._(PRESETS[self.preset].name),
                    company=self.company_id.name,
                    role=roles[role],
                )
            )
        return {"class_id": found.id, "percent": percent}

    def _link_lines(self, scheme):
        """Lines name each other, so that needs all of them."""
        by_code = {line.code: line for line in scheme.line_ids}
        for preset in PRESETS[self.preset].lines:
            *_measure, reference, excess = preset.cap or ("", "")
            by_code[preset.code].write(
                {
                    "parent_id": by_code[preset.of].id if preset.of else False,
                    "cap_reference_id": by_code[reference].id if reference else False,
                    "excess_line_id": by_code[excess].id if excess else False,
                }
            )
