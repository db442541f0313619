import time
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from ..outcome import OK, WAITING, Outcome

MESSAGE_LINES = 10


class KmpAuditCheck(models.Model):
    """One tie-out of an audit and its last result: green or red, by how much, when, and the way to the records.

    The result is the machine's; the note beside it is the auditor's.
    """

    _name = "kmp.audit.check"
    _description = "Tie-out of an Audit"
    _order = "audit_id, sequence, id"

    audit_id = fields.Many2one("kmp.audit", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="audit_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    audit_state = fields.Selection(related="audit_id.state", string="Status of the Audit")
    sequence = fields.Integer(readonly=True)
    tie_out = fields.Selection(selection="_selection_tie_out", required=True, readonly=True)
    status = fields.Selection(
        [
            (OK, "Agrees"),
            ("failed", "Differs"),
            ("nothing", "Nothing to check"),
            (WAITING, "Not checked yet"),
        ],
        required=True,
        readonly=True,
        default=WAITING,
    )
    is_queued = fields.Boolean(readonly=True, index=True)
    difference = fields.Monetary(readonly=True, help="All differences together, whatever their sign.")
    found = fields.Integer(readonly=True, help="How many things are not as they should be.")
    message = fields.Text("Result", readonly=True)
    pairs = fields.Json(readonly=True)
    pairs_table = fields.Html("Both Sides", compute="_compute_pairs_table", sanitize=False)
    records_model = fields.Char(readonly=True)
    records_domain = fields.Json(readonly=True)
    checked_on = fields.Datetime(readonly=True)
    duration = fields.Integer("Milliseconds", readonly=True)
    note = fields.Text("Auditor's Note")

    _once = models.Constraint("UNIQUE(audit_id, tie_out)", "An audit has each tie-out once.")

    @api.model
    def _selection_tie_out(self):
        IrModel = self.env["ir.model"]
        return [(name, IrModel._get(name).name) for name in self.env["kmp.audit.tie.out"]._get_tie_outs()]

    @api.depends("tie_out")
    def _compute_display_name(self):
        labels = dict(self._fields["tie_out"]._description_selection(self.env))
        for check in self:
            check.display_name = labels.get(check.tie_out, check.tie_out)

    @api.depends("pairs")
    def _compute_pairs_table(self):
        for check in self:
            check.pairs_table = check.pairs and self.env["ir.qweb"]._render(
                "kmp_audit.check_pairs", {"pairs": check._format_pairs()}
            )

    def _format_pairs(self):
        """The stored pairs for the screen: name, both sides, difference, whether they differ."""
        return [
            (
                pair["name"],
                *(self._format(pair[side]) for side in ("left", "right", "difference")),
                Decimal(pair["difference"]) != 0,
            )
            for pair in self.pairs or []
        ]

    def _format(self, amount):
        return self.env["kmp.audit.tie.out"]._format(amount)

    def write(self, vals):
        if not is_unsealed(self.env):
            if set(vals) != {"note"}:
                raise UserError(self.env._("Only the note of a tie-out can be written."))
            self.audit_id._check_open()
        return super().write(vals)

    def _reset(self):
        """Forget the results: they are of another year."""
        unsealed(self).write(
            {
                "status": WAITING,
                "found": 0,
                "difference": 0,
                "message": False,
                "pairs": False,
                "records_model": False,
                "records_domain": False,
                "checked_on": False,
                "duration": 0,
            }
        )

    def action_run(self):
        """Run this tie-out."""
        self.ensure_one()
        self.audit_id._check_may_work()
        return self.audit_id._run(self)

    def action_open_records(self):
        """Open what differs, or what was looked at."""
        self.ensure_one()
        self.check_access("read")
        if not self.records_model:
            raise UserError(
                self.env._("%(tie_out)s has no records to show. Run it first.", tie_out=self.display_name)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self.records_model,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": self.records_domain,
            "context": {"create": False, "edit": False, "delete": False, "active_test": False},
        }

    def _examine(self):
        """Run the tie-out on the books as they are now and keep what it finds."""
        self.env.flush_all()
        started = time.monotonic()
        try:
            with self.env.cr.savepoint():
                outcome = self.env[self.tie_out]._examine(self.audit_id)
        except UserError as error:
            outcome = Outcome(findings=[str(error.args[0])])
        duration = int((time.monotonic() - started) * 1000)
        unsealed(self).write(self._prepare_result(outcome) | {"duration": duration})
        self.flush_recordset()
        # By SQL: the ORM would make a float of it.
        self.env.cr.execute(
            SQL("UPDATE kmp_audit_check SET difference = %s WHERE id = %s", outcome.difference, self.id)
        )
        self.invalidate_recordset(["difference"])

    def _prepare_result(self, outcome):
        return {
            "status": outcome.status,
            "is_queued": False,
            "found": outcome.found,
            "message": self._describe(outcome),
            "pairs": [
                {
                    "name": pair.name,
                    "left": f"{pair.left:f}",
                    "right": f"{pair.right:f}",
                    "difference": f"{pair.difference:f}",
                }
                for pair in outcome.pairs
            ],
            "records_model": outcome.model,
            "records_domain": outcome.domain,
            "checked_on": fields.Datetime.now(),
        }

    def _describe(self, outcome):
        """What differs, a line each; where nothing does, what was looked at."""
        lines = [
            self.env._(
                "%(name)s: %(left)s and %(right)s, a difference of %(difference)s",
                name=pair.name,
                left=self._format(pair.left),
                right=self._format(pair.right),
                difference=self._format(pair.difference),
            )
            for pair in outcome.pairs
            if pair.difference
        ]
        lines += outcome.findings
        more = outcome.found - MESSAGE_LINES
        if len(lines) > MESSAGE_LINES or more > 0:
            lines = lines[:MESSAGE_LINES]
        if more > 0:
            lines.append(self.env._("… and %(count)s more", count=more))
        return "\n".join(lines) or outcome.note


class KmpAudit(models.Model):
    _inherit = "kmp.audit"

    def _create_checks(self):
        """A line per tie-out. sudo: the list is the machine's, nobody adds to it or takes from it."""
        names = self.env["kmp.audit.tie.out"]._get_tie_outs()
        self.env["kmp.audit.check"].sudo().create(
            [
                {"audit_id": audit.id, "tie_out": name, "sequence": place}
                for audit in self
                for place, name in enumerate(names)
            ]
        )
