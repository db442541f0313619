from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from .shu_step import ACCOUNTANT

NEXT = {"compare": "divide", "divide": "freeze"}
REMAINING = {"compare": 3, "divide": 2, "freeze": 1, "post": 1, "cancel": 1}
# Percent of the time that usually has passed when a phase begins.
PROGRESS = {"compare": 5, "divide": 25, "freeze": 80, "post": 25, "cancel": 95}
LOCK_TIMEOUT = "3s"


class KmpShuRun(models.Model):
    """Computing and posting in phases: a small run at once, a large one in the background.

    A phase is one transaction, so a process that is killed leaves nothing of its phase, and the
    cron does that phase again. What a run wrote is its own: `divide` drops what is there before it
    begins, and reads all books in one snapshot. Posting checks and posts in one transaction.
    """

    _inherit = "kmp.shu.run"

    phase = fields.Selection(
        [
            ("compare", "Comparing with the last result"),
            ("divide", "Reading the books and dividing"),
            ("freeze", "Checking the sums"),
            ("post", "Checking the books and posting"),
            ("cancel", "Being cancelled"),
        ],
        readonly=True,
        copy=False,
    )
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    progress = fields.Integer(compute="_compute_progress", help="Percent of the usual time.")

    _phase = models.Index("(phase) WHERE phase IS NOT NULL")

    @api.depends("phase")
    def _compute_progress(self):
        for run in self:
            run.progress = PROGRESS.get(run.phase, 0)

    def _start(self, phase):
        unsealed(self).write({"phase": phase, "started_by_id": self.env.uid, "halted": False})
        if self._is_large():
            self.env.ref("kmp_shu.shu_run_cron")._trigger()
            return
        while self._process_batch():
            pass

    def _is_large(self):
        return self._has_more_members_than(self.company_id.shu_background_limit)

    def _has_more_members_than(self, limit):
        # sudo: how many members there are decides, not how many the user may see
        members = self.env["kmp.membership"].sudo()
        return members.search_count([("company_id", "=", self.company_id.id)], limit=limit + 1) > limit

    @api.model
    def _cron_process(self):
        """Go on with what is under way, also where its server died. A refusal halts its run alone."""
        for run in self.search([("phase", "!=", False), ("halted", "=", False)], order="id"):
            if not run._process_in_background():
                return

    def _as_starter(self):
        """The run as whoever started it sees it: rights, entry and messages are theirs."""
        user = self.started_by_id
        return self.with_user(user).with_company(self.company_id).with_context(lang=user.lang)

    def _claim(self):
        """By a lock of its own, which tells a user who cancels whose statement is to be stopped."""
        if not self._try_claim():
            raise LockError(self.env._("%s is being processed.", self.name))

    def _try_claim(self):
        """Whether nobody works on this run; if so, nobody else does until the next commit."""
        [[claimed]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock('kmp_shu_run'::regclass::oid::int, %s)", self.id)
        )
        return claimed

    def _count_remaining(self):
        return REMAINING.get(self.phase, 0)

    def _process_batch(self):
        """Do one phase, see `kmp.background`."""
        phase = self.phase
        if not phase:
            return 0
        self._plan_sums()
        getattr(self._as_starter(), f"_do_{phase}")()
        unsealed(self).phase = NEXT.get(phase, False)
        return 1

    def _do_compare(self):
        self._check_computable()
        unsealed(self).changes = self._get_changes() if self.hash else False

    def _do_divide(self):
        self._divide()
        unsealed(self).write({"hash": False, "frozen_header": False})

    def _do_freeze(self):
        self._freeze()
        unsealed(self).write(
            {
                "state": "computed",
                "frozen_header": self._get_frozen_header_text(),
                "computed_on": fields.Datetime.now(),
            }
        )
        self._log_changes()

    def _do_post(self):
        self._check_unchanged()
        self._post_entry()
        unsealed(self).write({"state": "posted", "changes": False})

    def _do_cancel(self):
        """What was computed before stays, unless `divide` has replaced it."""
        if self.state == "computing" and self.hash:
            unsealed(self).write({"state": "computed", "halted": False})
        elif self.state == "computing":
            self._reset_to_draft()
        unsealed(self).halted = False

    def action_cancel_work(self):
        """Give up what is under way in the background: its phase is stopped and undone."""
        self.ensure_one()
        self._check_may(ACCOUNTANT, self.env._("compute"))
        self._interrupt()
        self._lock_work()
        unsealed(self).write({"phase": "cancel", "halted": False})
        if self._try_claim():
            self._process_batch()
        else:
            self.env.ref("kmp_shu.shu_run_cron")._trigger()

    def _interrupt(self):
        """Stop the statement of whoever works on this run."""
        self.env.execute_query(
            SQL(
                """
                SELECT pg_cancel_backend(pid) FROM pg_locks
                 WHERE locktype = 'advisory' AND granted AND pid != pg_backend_pid()
                   AND classid = 'kmp_shu_run'::regclass AND objid = %s AND objsubid = 2
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """,
                self.id,
            )
        )

    def action_resume(self):
        """Try again what was stopped, as the user who resumes it."""
        self.ensure_one()
        self._check_may(ACCOUNTANT, self.env._("compute"))
        self._lock_work()
        self._start(self.phase)

    def _lock_work(self):
        """Lock a run that is worked on. Whoever was stopped lets it go at once, and waits behind."""
        self._wait_and_lock(LOCK_TIMEOUT)
        if not self.phase:
            raise UserError(self.env._("Nothing is under way for %(run)s.", run=self.name))
