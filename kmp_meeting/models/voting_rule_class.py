from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import tally


class VotingRuleClass(models.Model):
    """The weight of one class in the plenary, within its floor and cap. Shares are written as 20% or 1/3, and are exact."""

    _name = "kmp.voting.rule.class"
    _description = "Voting Rules of a Class"
    _order = "rule_id, sequence, id"
    _rec_name = "class_id"
    _check_company_auto = True

    rule_id = fields.Many2one("kmp.voting.rule", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="rule_id.company_id", store=True, precompute=True)
    sequence = fields.Integer(related="class_id.sequence", store=True)
    class_id = fields.Many2one(
        "kmp.stakeholder.class", required=True, ondelete="restrict", check_company=True, index=True
    )
    weight = fields.Char(help="Its share of the votes in the plenary, where weights are fixed: 20% or 1/5.")
    floor = fields.Char(help="Its weight is at least this. Empty: no floor.")
    cap = fields.Char(help="Its weight is at most this. Empty: no cap.")
    has_veto = fields.Boolean("Veto", help="What the majority of this class rejects is not carried.")

    _unique_class = models.Constraint("UNIQUE (rule_id, class_id)", "A class stands there twice.")

    @api.constrains("weight", "floor", "cap")
    def _check_shares(self):
        for line in self:
            line._get_tally_class()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.rule_id._check_editable()
        return lines

    def write(self, vals):
        self.rule_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self.rule_id._check_editable()

    def _get_tally_class(self):
        self.ensure_one()
        return tally.ClassRule(
            self.class_id.code,
            self._get_share("weight", Fraction(0)),
            self._get_share("floor", Fraction(0)),
            self._get_share("cap", Fraction(1)),
            self.has_veto,
        )

    def _get_share(self, name, default):
        try:
            return tally.parse_share(self[name]) if self[name] else default
        except tally.TallyError as error:
            raise ValidationError(
                self.env._(
                    "%(rule)s: class %(class)s: %(problem)s",
                    **{
                        "rule": self.rule_id.name,
                        "class": self.class_id.display_name,
                        "problem": self.rule_id._say(error.errors[0]),
                    },
                )
            ) from None
