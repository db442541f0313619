import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from ..report.book import count_pages
from ..report.statutory_statements import EQUATIONS as STATEMENTS
from ..report.statutory_statements import Reading
from .rat_pack import ACCOUNTANT, OFFICER


class RatPack(models.Model):
    """Building the book in the background: a part is a transaction, then book and workbook are bound from them.

    A process that is killed goes on with the next part. If the books of the year change meanwhile, nothing is bound: the parts would
    not tell the same.
    """

    _inherit = "kmp.rat.pack"

    started_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    ledger_mark = fields.Char(
        readonly=True, copy=False, help="What was posted up to the year's end when the building began."
    )
    is_outdated = fields.Boolean(
        compute="_compute_is_outdated", help="Something was posted into the year since the book was built."
    )
    progress = fields.Integer(compute="_compute_progress", help="Percent of the parts that are printed.")

    _building = models.Index("(state) WHERE state = 'building'")

    @api.depends("state", "ledger_mark")
    def _compute_is_outdated(self):
        for pack in self:
            is_built = pack.state in ("built", "signed") and pack.ledger_mark
            pack.is_outdated = bool(is_built) and pack.ledger_mark != pack._read_ledger_mark()

    @api.depends("state", "part_ids.page_count")
    def _compute_progress(self):
        for pack in self:
            parts = pack._get_printed_parts()
            done = len(parts) - len(pack._get_waiting_parts())
            pack.progress = 100 * done // (len(parts) + 1)

    def _read_ledger_mark(self):
        """How many items are posted up to the year's end, their turnover, and when the last of them was written. Query budget: one."""
        [[mark]] = self.env.execute_query(
            SQL(
                """
                SELECT CONCAT_WS(' ', COUNT(*), COALESCE(SUM(debit), 0), MAX(write_date))
                  FROM account_move_line
                 WHERE company_id = %s AND parent_state = 'posted' AND date <= %s
                """,
                self.company_id.id,
                self.date_to,
            )
        )
        return mark

    def action_check(self):
        """Say of every part whether it is ready."""
        self.ensure_one()
        self._check_may(OFFICER, ACCOUNTANT)
        self._check_state("draft")
        self._check_parts()

    def _check_parts(self):
        unsealed(self.part_ids).with_context(kmp_reading=Reading())._check()
        unsealed(self).checked_on = fields.Datetime.now()

    def action_build(self):
        """Build book and workbook in the background. What is not ready is shown first: building again goes on without it."""
        self.ensure_one()
        self._check_may(OFFICER, ACCOUNTANT)
        self._check_state("draft")
        known = {part.id: part.remark for part in self.part_ids} if self.checked_on else {}
        self._check_parts()
        if any(
            part.remark and known.get(part.id) != part.remark
            for part in self.part_ids.filtered("is_included")
        ):
            return self._notify_remarks()
        self._start()
        return True

    def _notify_remarks(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Not everything is ready"),
                "message": self.env._(
                    "Look at the parts below. To build the book nevertheless, press the button again."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _start(self):
        if not self._get_printed_parts():
            raise UserError(self.env._("%s has no part to print. Include one.", self.name))
        unsealed(self.part_ids).write({"file": False, "page_count": 0})
        unsealed(self).write(
            {
                "state": "building",
                "started_by_id": self.env.uid,
                "halted": False,
                "ledger_mark": self._read_ledger_mark(),
            }
        )
        self.env.ref("kmp_reports.rat_pack_cron")._trigger()

    def action_resume(self):
        """Build again from the beginning what was stopped."""
        self.ensure_one()
        self._check_may(OFFICER, ACCOUNTANT)
        if self.state != "building" or not self.halted:
            raise UserError(self.env._("Nothing was stopped for %s.", self.name))
        self._start()

    def action_cancel_building(self):
        """Back to the preparation, before the book is there."""
        self.ensure_one()
        self._check_may(OFFICER, ACCOUNTANT)
        self._check_state("building")
        try:
            self._claim()
        except LockError:
            raise UserError(
                self.env._("A part of %s is being printed. Try again in a moment.", self.name)
            ) from None
        unsealed(self).write({"state": "draft", "halted": False})

    @api.model
    def _cron_process(self):
        """Go on with what is being built. A refusal halts its pack alone."""
        for pack in self.search([("state", "=", "building"), ("halted", "=", False)], order="id"):
            if not pack._process_in_background():
                return

    def _get_printed_parts(self):
        return self.part_ids.filtered(lambda part: part.is_included and part.status != "missing")

    def _get_waiting_parts(self):
        return self._get_printed_parts().filtered(lambda part: not part.page_count)

    def _count_remaining(self):
        return len(self._get_waiting_parts()) + 1 if self.state == "building" else 0

    def _process_batch(self):
        """Print the next part, or bind the book, see `kmp.background`."""
        if self.state != "building":
            return 0
        pack = self._as_starter()
        parts = pack._get_waiting_parts()[:1]
        if parts.key in STATEMENTS:  # they share one reading of the ledger
            parts = pack._get_waiting_parts().filtered(lambda part: part.key in STATEMENTS)
        for part in parts:
            content = pack.env["kmp.rat.pack.book"]._print_part(part)
            unsealed(part).write({"file": base64.b64encode(content), "page_count": count_pages(content)})
        if not parts:
            pack._bind()
        return len(parts) or 1

    def _as_starter(self):
        """The pack as whoever started it sees it: rights, documents and messages are theirs."""
        user = self.started_by_id
        return (
            self.with_user(user)
            .with_company(self.company_id)
            .with_context(lang=user.lang, kmp_reading=Reading())
        )

    def _bind(self):
        if self.ledger_mark != self._read_ledger_mark():
            raise UserError(
                self.env._(
                    "Something was posted into the year while the book was being built. Build it again."
                )
            )
        book = self.env["kmp.rat.pack.book"]._bind(self)
        workbook = self.env["kmp.rat.pack.workbook"]._make(self)
        unsealed(self).write(
            {
                "state": "built",
                "built_on": fields.Datetime.now(),
                "book_file": base64.b64encode(book),
                "book_hash": hashlib.sha256(book).hexdigest(),
                "workbook_file": base64.b64encode(workbook),
            }
        )
        unsealed(self.part_ids).write({"file": False})
        self._prepare_signatures()
        self._announce()

    def _announce(self):
        """Tell whoever started it, on the screen and in the inbox: the system writes, because nobody is notified of his own words."""
        message = self.env._("The book of %s is ready.", self.name)
        self.env.user._bus_send("simple_notification", {"type": "success", "message": message})
        self.with_user(api.SUPERUSER_ID).message_post(
            body=self.env._("The book is ready (SHA-256 %s).", self.book_hash),
            partner_ids=self.env.user.partner_id.ids,
        )
