import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed

LISTED = 3
ACCOUNTANT = "kmp_shu.group_shu_accountant"


class KmpShuRunWarning(models.Model):
    """Something that does not forbid to distribute a year, but that somebody has to answer for.

    Writing a reason acknowledges it, with name and time, and the history of the run keeps it. A
    warning stands for its facts: when they change, it is a new one.
    """

    _name = "kmp.shu.run.warning"
    _description = "Warning of a distribution"
    _order = "run_id, id"
    _rec_name = "kind"

    run_id = fields.Many2one("kmp.shu.run", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("draft_entries", "Draft entries"),
            ("tax_unset", "No income tax accounts"),
            ("tax_open", "No income tax booked"),
            ("cost_missing", "Business without cost"),
            ("turnover_exceeded", "More than the ledger"),
            ("told_twice", "Business told twice"),
        ],
        required=True,
        readonly=True,
    )
    facts = fields.Char(
        required=True, readonly=True, help="What it was made of: other facts, another warning."
    )
    message = fields.Text(required=True, readonly=True)
    reason = fields.Char(help="Why it may stand. Writing it acknowledges the warning.")
    acknowledged_by_id = fields.Many2one("res.users", readonly=True)
    acknowledged_on = fields.Datetime(readonly=True)

    _once = models.Constraint("UNIQUE(run_id, kind, facts)", "A distribution has this warning already.")

    def write(self, vals):
        if is_unsealed(self.env):
            return super().write(vals)
        if set(vals) != {"reason"}:
            raise UserError(self.env._("Only the reason of a warning can be written."))
        self._check_may_acknowledge()
        reason = (vals["reason"] or "").strip()
        result = super().write(
            {
                "reason": reason or False,
                "acknowledged_by_id": self.env.uid if reason else False,
                "acknowledged_on": fields.Datetime.now() if reason else False,
            }
        )
        self._log_reason()
        return result

    def _check_may_acknowledge(self):
        for run in self.run_id:
            run._check_may(ACCOUNTANT, self.env._("acknowledge the warnings of"))
        self.run_id._check_state("draft", "computed")

    def _log_reason(self):
        for warning in self:
            template = (
                self.env._("Warning acknowledged: %(message)s Reason: %(reason)s")
                if warning.reason
                else self.env._("Acknowledgement withdrawn: %(message)s")
            )
            warning.run_id.message_post(
                body=template % {"message": warning.message, "reason": warning.reason}
            )

    def action_show(self):
        """Open what the warning is about."""
        self.ensure_one()
        self.check_access("read")
        return self.run_id._get_warning_action(self.kind)


class KmpShuRun(models.Model):
    """What an accountant must have seen before a year is distributed."""

    _inherit = "kmp.shu.run"

    warning_ids = fields.One2many("kmp.shu.run.warning", "run_id", copy=False)
    open_warning_count = fields.Integer(compute="_compute_open_warning_count")

    @api.depends("warning_ids.reason")
    def _compute_open_warning_count(self):
        for run in self:
            run.open_warning_count = len(run.warning_ids.filtered(lambda warning: not warning.reason))

    def action_compute(self):
        """First what has to be acknowledged: returns a notification while something is open."""
        self.ensure_one()
        self._check_may(ACCOUNTANT, self.env._("compute"))
        self._check_state("draft", "computed")
        self._check_scheme()
        warnings = self._update_warnings()
        return self._ask_to_acknowledge(warnings) if warnings else super().action_compute()

    def _update_warnings(self):
        """Bring the list in line with the books; returns the warnings that nobody has acknowledged."""
        self.ensure_one()
        found = {(warning["kind"], warning["facts"]): warning for warning in self._get_warnings()}
        # sudo: the list follows the books, nobody adds to it or takes from it by hand
        listed = self.warning_ids.sudo()
        known = {(warning.kind, warning.facts): warning for warning in listed}
        listed.filtered(lambda warning: (warning.kind, warning.facts) not in found).unlink()
        listed.create([{**found[key], "run_id": self.id} for key in found if key not in known])
        self.invalidate_recordset(["warning_ids"])
        return self.warning_ids.filtered(lambda warning: not warning.reason)

    def _check_warnings(self):
        """Raises UserError when the books give a warning that nobody has acknowledged."""
        acknowledged = self.warning_ids.filtered("reason")
        known = {(warning.kind, warning.facts) for warning in acknowledged}
        messages = [
            warning["message"]
            for warning in self._get_warnings()
            if (warning["kind"], warning["facts"]) not in known
        ]
        if messages:
            raise UserError(
                self.env._(
                    "%(run)s has warnings that nobody has acknowledged:\n%(messages)s",
                    run=self.name,
                    messages="\n".join(messages),
                )
            )

    def _ask_to_acknowledge(self, warnings):
        """What the button Compute answers while warnings are open: the form shows them."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("%(run)s was not computed", run=self.name),
                "message": self.env._(
                    "%(count)s warnings have to be acknowledged first: write beside each why it may stand.",
                    count=len(warnings),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # What is warned of. Each method yields `{"kind", "facts", "message"}`.

    def _get_warnings(self):
        """What the books give now; a bridge adds its own."""
        self.env.flush_all()
        return [
            *self._warn_of_drafts(),
            *self._warn_of_tax(),
            *self._warn_of_missing_costs(),
            *self._warn_of_turnover(),
            *self._warn_of_business_told_twice(),
        ]

    def _get_draft_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "draft"),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]

    def _warn_of_drafts(self):
        # A draft entry changes the surplus whoever may see it.
        drafts = self.env["account.move"].sudo().search(self._get_draft_domain(), order="date, id")
        if drafts:
            digest = hashlib.sha256(repr(sorted(drafts.ids)).encode()).hexdigest()
            yield {
                "kind": "draft_entries",
                "facts": f"{len(drafts)} {digest}",
                "message": self.env._(
                    "%(count)s entries of the year are still drafts and count for nothing. The first are "
                    "%(entries)s.",
                    count=len(drafts),
                    entries=", ".join(drafts[:LISTED].mapped("display_name")),
                ),
            }

    def _warn_of_tax(self):
        company = self.company_id
        if not company.shu_tax_account_ids:
            yield {
                "kind": "tax_unset",
                "facts": "unset",
                "message": self.env._(
                    "No income tax accounts are set for %(company)s, so the surplus is not known to be "
                    "after tax.",
                    company=company.name,
                ),
            }
            return
        if company._has_income_tax(self.date_from, self.date_to):
            return
        total = company._get_ledger_part(self.date_from, self.date_to)
        if total.before_tax > 0:
            yield {
                "kind": "tax_open",
                "facts": "open",
                "message": self.env._(
                    "No income tax is booked for the year, with a surplus before tax of %(amount)s.",
                    amount=str(total.before_tax),
                ),
            }

    def _get_costed_bases(self):
        """The bases of the year whose result depends on costs."""
        bases = self.scheme_id.line_ids.basis_id.filtered(lambda basis: basis.measure == "margin")
        return (bases | self.company_id._get_participation_bases()).sorted("code")

    def _warn_of_missing_costs(self):
        for basis in self._get_costed_bases():
            lacking = basis._count_without_cost(self.date_from, self.date_to)
            if lacking:
                yield {
                    "kind": "cost_missing",
                    "facts": f"{basis.id} {lacking}",
                    "message": self.env._(
                        "Patronage basis %(basis)s: %(count)s products or imported lines of the year have a value and no cost, so "
                        "their whole value counts as margin.",
                        basis=basis.display_name,
                        count=lacking,
                    ),
                }

    def _warn_of_turnover(self):
        """Members cannot have bought more than was sold: something is counted that is not in the ledger."""
        parts = self._get_surplus_parts() if self.company_id._get_participation_bases() else {}
        if parts and parts["member"].turnover > parts["total"].turnover:
            yield {
                "kind": "turnover_exceeded",
                "facts": f"{parts['member'].turnover} {parts['total'].turnover}",
                "message": self.env._(
                    "The members' turnover of %(member)s is above that of the whole ledger, %(total)s. Look "
                    "for business that was imported but not booked, or booked as other income.",
                    member=str(parts["member"].turnover),
                    total=str(parts["total"].turnover),
                ),
            }

    def _warn_of_business_told_twice(self):
        """Two pools that reward the same business: each sums, but whoever did it is rewarded twice."""
        bases = self.scheme_id.line_ids.basis_id.sorted("code")
        for place, basis in enumerate(bases):
            for other in bases[place + 1 :]:
                if basis._tells_same_business(other):
                    yield {
                        "kind": "told_twice",
                        "facts": f"{basis.id} {other.id}",
                        "message": self.env._(
                            "Patronage bases %(basis)s and %(other)s read the same business: it counts in "
                            "the pools of both.",
                            basis=basis.display_name,
                            other=other.display_name,
                        ),
                    }

    def _get_warning_action(self, kind):
        """Where a warning of this kind is mended."""
        if kind == "draft_entries":
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Draft entries"),
                "res_model": "account.move",
                "view_mode": "list,form",
                "domain": self._get_draft_domain(),
            }
        if kind in ("tax_unset", "tax_open"):
            return self.env["ir.actions.act_window"]._for_xml_id(
                "kmp_membership.res_config_settings_action"
                if kind == "tax_unset"
                else "account.action_move_journal_line"
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.patronage_basis_action")
        bases = self.scheme_id.line_ids.basis_id | self.company_id._get_participation_bases()
        return {**action, "domain": [("id", "in", bases.ids)]}
