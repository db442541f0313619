from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tools import SQL

from ..tools import is_unsealed, unsealed
from .membership import OFFICER

# Up to here the user waits for the import; above, it is done in the background.
DIRECT_ROWS = 1000
# Who stops an import waits for the batches that are under way.
BATCH_TIMEOUT = "20s"
# What the check looked at: another file or day is checked anew.
INPUTS = {"file", "file_name", "date", "journal_id", "account_id", "company_id"}
RESULTS = {
    "state",
    "problems",
    "problem_count",
    "warnings",
    "warning_count",
    "totals",
    "report",
    "report_name",
    "member_count",
    "capital_total",
    "halted",
    "user_id",
    "row_ids",
}


class MembershipImport(models.Model):
    """Bring in members and what they have paid, from a spreadsheet: checked as a whole, imported as a whole or not at all.

    A check keeps the rows of the file (``kmp.membership.import.row``). Contacts and draft entries are then made in batches, of which
    each is a transaction of its own where there are many rows: archived contacts and drafts count nowhere. Two workers of the server
    may make them at once. The last transaction registers all members and posts all entries. What fails before is undone as a whole,
    batch by batch.
    """

    _name = "kmp.membership.import"
    _description = "Import Members"
    _inherit = ["mail.thread", "kmp.background"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    file = fields.Binary(copy=False)
    file_name = fields.Char(copy=False)
    date = fields.Date(
        "Opening Date", required=True, default=fields.Date.context_today, help="The day of the opening entry."
    )
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
        compute="_compute_journal_id",
        check_company=True,
        store=True,
        readonly=False,
    )
    account_id = fields.Many2one(
        "account.account",
        "Opening Account",
        check_company=True,
        help="The other side of the opening entry: where the capital stands in the books until now.",
    )
    state = fields.Selection(
        [
            ("draft", "File"),
            ("checked", "Checked"),
            ("importing", "Importing"),
            ("undoing", "Undoing"),
            ("done", "Imported"),
        ],
        "Status",
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    problems = fields.Text(readonly=True, copy=False)
    problem_count = fields.Integer(readonly=True, copy=False)
    warnings = fields.Text(readonly=True, copy=False, help="They do not stop the import.")
    warning_count = fields.Integer(readonly=True, copy=False)
    totals = fields.Text("Control Totals", readonly=True, copy=False)
    report = fields.Binary("All Remarks", readonly=True, copy=False)
    report_name = fields.Char(readonly=True, copy=False)
    member_count = fields.Integer("Members", readonly=True, copy=False)
    capital_total = fields.Monetary("Opening Capital", readonly=True, copy=False)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Imported By", readonly=True, copy=False)
    row_ids = fields.One2many("kmp.membership.import.row", "import_id", "Rows", readonly=True)
    progress = fields.Float(compute="_compute_progress", help="Percent of the rows that are done.")

    @api.depends("file_name")
    def _compute_name(self):
        for record in self:
            record.name = record.file_name or self.env._("Import Members")

    @api.depends("company_id")
    def _compute_journal_id(self):
        for record in self:
            record.journal_id = record.company_id._get_share_journal()

    def _compute_progress(self):
        for record in self:
            steps = record._count_steps()
            record.progress = 100 * (1 - record._count_remaining() / steps) if steps else 0

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{key: value for key, value in vals.items() if key not in RESULTS} for vals in vals_list]
        )

    def write(self, vals):
        if not is_unsealed(self.env):
            if vals.keys() & RESULTS:
                raise UserError(
                    self.env._("What an import found and did changes only by checking and importing.")
                )
            if vals.keys() & INPUTS:
                self._check_inputs_may_change()
                unsealed(self).state = "draft"
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        for record in self:
            if record.state in ("importing", "undoing"):
                raise UserError(
                    self.env._("%(file)s is being processed. Wait until it is done.", file=record.name)
                )

    def _check_inputs_may_change(self):
        for record in self:
            if record.state not in ("draft", "checked"):
                raise UserError(
                    self.env._(
                        "%(file)s is imported, or about to be, and does not change. Import another file.",
                        file=record.name,
                    )
                )

    # ---------------------------------------------------------------- actions

    def action_check(self):
        """The dry run: list every problem by row, import nothing."""
        self._begin("draft", "checked")
        self._check_file()
        return True

    def action_import(self):
        """Import a checked file: a small one at once, a large one in the background. The register may have changed since.

        :raise UserError: the file has problems
        """
        self._begin("draft", "checked")
        if self.state == "draft":
            self._check_file()
        if self.state != "checked" or self._list_obstacles():
            raise UserError(
                self.env._(
                    "The file has problems. Check it, mend it and import it then. Nothing has been imported."
                )
            )
        unsealed(self).write({"state": "importing", "user_id": self.env.uid, "halted": False})
        if self.member_count > DIRECT_ROWS:
            self._trigger()
        else:
            while self._process_batch():
                pass
        return True

    def action_undo(self):
        """Stop an import that has not come to its end, and take back what it did so far."""
        self._check_may_begin()
        self._wait_and_lock(BATCH_TIMEOUT)
        self._check_state("importing", "undoing")
        unsealed(self).write({"state": "undoing", "halted": False})
        self._trigger()
        return True

    def action_open_members(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.membership_action")
        return action | {"domain": [("import_id", "=", self.id)], "context": {}}

    def _begin(self, *states):
        """For officers, one at a time, from one of these states."""
        self._check_may_begin()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        self._check_state(*states)

    def _check_may_begin(self):
        self.ensure_one()
        self._check_officer()
        self.check_access("write")

    def _check_state(self, *states):
        if self.state not in states:
            label = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(
                self.env._("%(file)s is %(state)s: this is not possible now.", file=self.name, state=label)
            )

    def _check_officer(self):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may import members."))
        company = self.sudo().company_id  # sudo: to name the company that the user may not see
        if company not in self.env.companies:
            raise AccessError(
                self.env._("You may not import members of %s. Switch to that company first.", company.name)
            )

    # ---------------------------------------------------------------- background

    def _trigger(self):
        for cron in ("membership_import_cron", "membership_import_cron_second"):
            self.env.ref(f"kmp_membership.{cron}")._trigger()

    def _claim(self):
        """Batches may be made by two workers at once; who ends an import or undoes it is alone.

        The state that is read here is still true when the lock is held: PostgreSQL refuses to lock what changed after the snapshot.
        """
        self.invalidate_recordset(["state"])
        if self._has_batches():
            return self._claim_with_others()
        return super()._claim()

    def _claim_with_others(self):
        self.env.cr.execute(
            SQL("SELECT FROM kmp_membership_import WHERE id = %s FOR SHARE SKIP LOCKED", self.id),
            log_exceptions=False,
        )
        if not self.env.cr.rowcount:
            raise LockError(self.env._("%s is being processed.", self.display_name))

    @api.model
    def _cron_process(self):
        """Import and undo in the background, as far as the time goes."""
        records = self.search([("state", "in", ("importing", "undoing")), ("halted", "=", False)], order="id")
        for record in records:
            # The user who started it has the rights, and stands in what is created.
            if (
                not record.with_user(record.write_uid)
                .with_company(record.company_id)
                ._process_in_background()
            ):
                return  # out of time: Odoo calls again as long as something remains

    def _halt(self, error):
        """An import that fails is undone; only an undoing that fails waits for a user."""
        self.env.cr.rollback()
        if self.state == "undoing":
            return super()._halt(error)
        unsealed(self).write({"state": "undoing", "problems": str(error), "problem_count": 1})
        self._message_log(body=self.env._("Stopped: %(reason)s", reason=str(error)))
        self._trigger()
        return self.env["ir.cron"]._commit_progress(remaining=0)

    def _process_batch(self):
        steps = {
            "importing": (self._create_contacts, self._create_entries, self._finish),
            "undoing": (self._delete_entries, self._delete_contacts, self._reopen),
        }
        for step in steps.get(self.state, ()):
            if done := step():
                return done
        return 0
