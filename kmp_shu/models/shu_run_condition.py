from odoo import api, fields, models
from odoo.exceptions import UserError


class KmpShuRunCondition(models.Model):
    """Whether the condition of a scheme line is met in a year, as an officer decides it."""

    _name = "kmp.shu.run.condition"
    _description = "SHU condition"
    _order = "run_id, line_sequence, id"
    _rec_name = "scheme_line_id"

    run_id = fields.Many2one(
        "kmp.shu.run", "Distribution", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    scheme_line_id = fields.Many2one(
        "kmp.shu.scheme.line", "Line", required=True, readonly=True, ondelete="cascade"
    )
    line_sequence = fields.Integer(related="scheme_line_id.sequence", store=True)
    condition = fields.Char(compute="_compute_condition")
    excess_line_id = fields.Many2one("kmp.shu.scheme.line", "Otherwise To", compute="_compute_condition")
    is_met = fields.Selection(
        [("undecided", "Undecided"), ("yes", "Met"), ("no", "Not met")],
        string="Decision",
        required=True,
        default="undecided",
    )
    note = fields.Char(help="Why: the figures, or the decision of the meeting.")
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)

    _once = models.Constraint(
        "UNIQUE(run_id, scheme_line_id)", "A condition is decided once in a distribution."
    )

    @api.depends("scheme_line_id.condition", "scheme_line_id.excess_line_id")
    def _compute_condition(self):
        for condition in self:
            condition.condition = condition.scheme_line_id.condition
            condition.excess_line_id = condition.scheme_line_id.excess_line_id

    def write(self, vals):
        """Decide. Raises UserError when the run was computed already, or the note is missing."""
        if set(vals) - {"is_met", "note"}:
            raise UserError(self.env._("Only the decision on a condition and its note can be written."))
        self.run_id._check_state("draft")
        decided = {"decided_by_id": self.env.uid, "decided_on": fields.Datetime.now()}
        result = super().write(vals | decided)
        for condition in self:
            condition._check_note()
            condition._log_decision()
        return result

    def _check_note(self):
        if self.is_met != "undecided" and not self.note:
            raise UserError(
                self.env._(
                    "%(run)s: say in a note why the condition of %(line)s is decided so.",
                    run=self.run_id.name,
                    line=self.scheme_line_id.display_name,
                )
            )

    def _log_decision(self):
        labels = dict(self._fields["is_met"]._description_selection(self.env))
        self.run_id._message_log(
            body=self.env._(
                "Condition of %(line)s: %(decision)s. %(note)s",
                line=self.scheme_line_id.display_name,
                decision=labels[self.is_met],
                note=self.note or "",
            )
        )


class KmpShuRun(models.Model):
    """A run and the conditions of its scheme: all are decided before anything is computed."""

    _inherit = "kmp.shu.run"

    condition_ids = fields.One2many("kmp.shu.run.condition", "run_id", "Conditions", copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        runs._create_conditions()
        return runs

    def write(self, vals):
        result = super().write(vals)
        if "scheme_id" in vals:
            # sudo: a condition is the run's own, nobody adds or deletes one by hand
            self.sudo().condition_ids.unlink()
            self._create_conditions()
        return result

    def _create_conditions(self):
        """One for each conditional line; a correction takes over what was decided before."""
        # sudo: the conditions come with the run, whoever creates it; only an officer decides them
        self.env["kmp.shu.run.condition"].sudo().create(
            [
                {"run_id": run.id, "scheme_line_id": line.id, **run._get_earlier_decision(line)}
                for run in self
                for line in run.scheme_id.line_ids.filtered("condition")
            ]
        )

    def _get_earlier_decision(self, line):
        earlier = self.corrects_id.condition_ids.filtered(lambda condition: condition.scheme_line_id == line)
        if not earlier:
            return {}
        return {
            "is_met": earlier.is_met,
            "note": earlier.note,
            "decided_by_id": earlier.decided_by_id.id,
            "decided_on": earlier.decided_on,
        }

    def _check_computable(self):
        result = super()._check_computable()
        undecided = self.condition_ids.filtered(lambda condition: condition.is_met == "undecided")
        if undecided:
            raise UserError(
                self.env._(
                    "%(run)s cannot be computed: an officer has to decide whether these conditions are met: "
                    "%(conditions)s.",
                    run=self.name,
                    conditions="; ".join(
                        f"{condition.scheme_line_id.display_name} ({condition.condition})"
                        for condition in undecided
                    ),
                )
            )
        return result

    def _get_engine_scheme(self):
        """The scheme for the engine, with what was decided of its conditions."""
        unmet = self.condition_ids.filtered(lambda condition: condition.is_met != "yes").scheme_line_id
        return self.scheme_id._get_engine_scheme(unmet)
