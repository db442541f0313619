from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from ..outcome import FAILED, NOTHING, OK, WAITING

SEALED_FIELDS = {"state", "auditor_id", "halted", "finished_on", "balance_ids", "check_ids"}
DECISIVE_FIELDS = {"company_id", "date_from", "date_to"}


class KmpAudit(models.Model):
    """One auditor's look at the books of one year: tie-outs with their results, samples, and what was taken home.

    The books themselves are never written; these are the auditor's own working papers, which other auditors and the supervisors
    may read. Finishing seals them and keeps the closing balances, with which the next year begins (`audit_balance.py`). How
    tie-outs run stands in `audit_run.py`, what each looks at in `tie_out_*.py`, what is taken home in `audit_bundle.py`.
    """

    _name = "kmp.audit"
    _description = "Audit"
    _inherit = ["mail.thread", "kmp.background"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        "Year From", required=True, default=lambda self: self.env["kmp.shu.run"]._default_year()["date_from"]
    )
    date_to = fields.Date(
        "Year To", required=True, default=lambda self: self.env["kmp.shu.run"]._default_year()["date_to"]
    )
    auditor_id = fields.Many2one(
        "res.users", required=True, readonly=True, default=lambda self: self.env.user, copy=False
    )
    state = fields.Selection(
        [("open", "Open"), ("finished", "Finished")],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
    )
    finished_on = fields.Datetime(readonly=True, copy=False)
    note = fields.Html("Notes", help="Working papers of the auditor.")
    check_ids = fields.One2many("kmp.audit.check", "audit_id", "Tie-outs", copy=False)
    sample_ids = fields.One2many("kmp.audit.sample", "audit_id", "Samples", copy=False)
    ok_count = fields.Integer("Agree", compute="_compute_counts")
    failed_count = fields.Integer("Differ", compute="_compute_counts")
    nothing_count = fields.Integer("Nothing to Check", compute="_compute_counts")
    waiting_count = fields.Integer("Not Checked Yet", compute="_compute_counts")
    is_running = fields.Boolean(compute="_compute_counts")
    sample_count = fields.Integer(compute="_compute_sample_count")

    _dates_ordered = models.Constraint(
        "CHECK(date_to >= date_from)", "The year of an audit cannot end before it begins."
    )

    @api.depends("date_to")
    def _compute_name(self):
        for audit in self:
            audit.name = audit.name or (
                self.env._("Audit %s", audit.date_to.year) if audit.date_to else False
            )

    @api.depends("check_ids.status", "check_ids.is_queued")
    def _compute_counts(self):
        for audit in self:
            statuses = audit.check_ids.mapped("status")
            audit.ok_count = statuses.count(OK)
            audit.failed_count = statuses.count(FAILED)
            audit.nothing_count = statuses.count(NOTHING)
            audit.waiting_count = statuses.count(WAITING)
            audit.is_running = any(audit.check_ids.mapped("is_queued"))

    @api.depends("sample_ids")
    def _compute_sample_count(self):
        for audit in self:
            audit.sample_count = len(audit.sample_ids)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
        audits = super().create(vals_list)
        audits._create_checks()
        return audits

    def write(self, vals):
        self._check_sealed(vals)
        if not is_unsealed(self.env) and set(vals) - {"message_follower_ids", "message_main_attachment_id"}:
            self._check_open()
        result = super().write(vals)
        if DECISIVE_FIELDS & set(vals):
            self._check_no_samples()
            self.check_ids._reset()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_finished(self):
        self._check_open()

    def _check_sealed(self, vals):
        if not is_unsealed(self.env) and SEALED_FIELDS & set(vals):
            raise UserError(
                self.env._("Results, auditor and status of an audit are set by its buttons, not by hand.")
            )

    def _check_open(self):
        for audit in self.filtered(lambda audit: audit.state != "open"):
            raise UserError(
                self.env._(
                    "%(audit)s is finished and does not change any more. Begin another audit of the year.",
                    audit=audit.name,
                )
            )

    def _check_no_samples(self):
        for audit in self.filtered("sample_ids"):
            raise UserError(
                self.env._(
                    "%(audit)s has samples of its year. Delete them before you change the year, or begin another audit.",
                    audit=audit.name,
                )
            )

    def _check_may_work(self):
        """Raises AccessError for who may not write this audit, UserError once it is finished."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()

    def action_finish(self):
        """Seal results, samples and notes, and keep the closing balances for the next year."""
        self._check_may_work()
        waiting = self.check_ids.filtered(lambda check: check.status == WAITING)
        if waiting or self.is_running:
            raise UserError(
                self.env._(
                    "%(audit)s has tie-outs that were not checked: %(checks)s. Run them first.",
                    audit=self.name,
                    checks=", ".join(waiting.mapped("display_name")),
                )
            )
        self._keep_balances()
        unsealed(self).write({"state": "finished", "finished_on": fields.Datetime.now()})

    def action_open_samples(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_audit.audit_sample_action")
        return {
            **action,
            "domain": [("audit_id", "=", self.id)],
            "context": {"default_audit_id": self.id, "create": self.state == "open"},
        }

    @property
    def file_name(self):
        """What its sheet is called, for a workbook."""
        return self.name
