from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

from ..engine.bound_rules import RETAINED
from ..engine.scheme import Cap
from .shu_step import ACCOUNTANT


class KmpShuRunCondition(models.Model):
    """A pool that no member has a claim to becomes a condition of its year: an officer decides whether it goes to a reserve."""

    _inherit = "kmp.shu.run.condition"

    unclaimed_to_id = fields.Many2one(
        "kmp.shu.scheme.line",
        readonly=True,
        ondelete="cascade",
        help="Where the part of the line goes while no member has a weight in it.",
    )

    @api.depends("unclaimed_to_id")
    def _compute_condition(self):
        result = super()._compute_condition()
        for condition in self.filtered("unclaimed_to_id"):
            condition.condition = self.env._("A member has a claim to it")
            condition.excess_line_id = condition.unclaimed_to_id
        return result


class KmpShuRun(models.Model):
    """What becomes of a members' part to which no member has a claim: by default nothing is computed."""

    _inherit = "kmp.shu.run"

    def _get_unclaimed_conditions(self):
        return self.condition_ids.filtered(lambda each: each.unclaimed_to_id and each.is_met == "no")

    def _get_engine_scheme(self):
        """A line that goes to the reserve for want of a claim is, for this year, one whose condition was not met."""
        scheme = super()._get_engine_scheme()
        to = {
            each.scheme_line_id.code: each.unclaimed_to_id.code for each in self._get_unclaimed_conditions()
        }
        lines = [
            replace(line, floor=0, cap=Cap("condition", 0, excess=to[line.code])) if line.code in to else line
            for line in scheme.lines
        ]
        return replace(scheme, lines=lines)

    def _check_claims(self):
        """Nor is anything taken from members who have a claim after all."""
        result = super()._check_claims()
        claimed = self._find_claimed(self._get_unclaimed_conditions().scheme_line_id)
        if claimed:
            raise UserError(
                self.env._(
                    "%(run)s cannot be computed: it was decided that nobody has a claim to %(line)s, and members have a weight in it "
                    "now. An officer has to decide that condition anew.",
                    run=self.name,
                    line=claimed[0].display_name,
                )
            )
        return result

    def _find_claimed(self, lines):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pool.scheme_line_id FROM kmp_shu_pool pool
                 WHERE pool.run_id = %s AND pool.scheme_line_id = ANY(%s)
                   AND EXISTS (SELECT 1 FROM shu_weight WHERE pool_id = pool.id)
                """,
                self.id,
                lines.ids,
            )
        )
        return lines.browse([line_id for [line_id] in rows])

    def _refuse_unclaimed(self, pool, message):
        """Raise what keeps the run from being computed, with the offer of a reserve where the whole line is without a claim."""
        target = self._get_unclaimed_target(pool.scheme_line_id)
        if pool.class_id or not target:
            raise UserError(message)
        raise RedirectWarning(
            message,
            self.env.ref("kmp_shu.shu_run_ask_for_claim").id,
            self.env._("Ask an officer to give it to %(reserve)s", reserve=target.display_name),
            {
                "active_model": self._name,
                "active_id": self.id,
                "active_ids": self.ids,
                "kmp_line_id": pool.scheme_line_id.id,
            },
        )

    def _get_unclaimed_target(self, line):
        """The first reserve or fund beside the line that takes whatever comes, none if the line is a condition already."""
        if line in self.condition_ids.scheme_line_id:
            return line.browse()
        beside = line.scheme_id.line_ids.filtered(
            lambda other: (
                other.kind in RETAINED
                and (other.parent_id, other.surplus_part) == (line.parent_id, line.surplus_part)
                and not (other.cap_measure or other.condition)
            )
        )
        return beside.sorted(lambda other: (other.kind != "reserve", other.sequence, other.id))[:1]

    def action_ask_for_claim(self, line_id=None):
        """Let an officer decide that the part of a line goes to the reserve beside it, because nobody has a claim to it.

        Raises UserError for a line of another scheme, or one without a reserve beside it.
        """
        self._begin(ACCOUNTANT, self.env._("compute"), "draft")
        line = self.scheme_id.line_ids.filtered(
            lambda line: line.id == line_id and line.kind in ("capital", "patronage")
        )
        target = self._get_unclaimed_target(line) if line else line
        if not target:
            raise UserError(
                self.env._(
                    "%(run)s: there is nothing to decide about this line of the scheme.", run=self.name
                )
            )
        # sudo: as in `_create_conditions`
        self.env["kmp.shu.run.condition"].sudo().create(
            {"run_id": self.id, "scheme_line_id": line.id, "unclaimed_to_id": target.id}
        )
        self._message_log(
            body=self.env._(
                "No member has a claim to %(line)s. An officer decides whether it goes to %(reserve)s.",
                line=line.display_name,
                reserve=target.display_name,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
