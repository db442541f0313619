from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from ..sql.ledger import period

# Above it a year's tie-outs take longer than somebody waits for.
BACKGROUND_ITEMS = 200_000


class KmpAudit(models.Model):
    """Running tie-outs: those of a small year at once, those of a large one in the background, one transaction each."""

    _inherit = "kmp.audit"

    def action_run(self):
        """Run every tie-out."""
        self._check_may_work()
        return self._run(self.check_ids)

    def _run(self, checks):
        self._check_period()
        unsealed(self).halted = False
        unsealed(checks).write({"is_queued": True})
        if self._is_large():
            self.env.ref("kmp_audit.audit_cron")._trigger()
            return self._notify_running()
        while self._process_batch():
            pass
        return True

    def _check_period(self):
        if self.date_from > fields.Date.context_today(self):
            raise UserError(self.env._("%(audit)s is about a year that has not begun.", audit=self.name))

    def _is_large(self):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT 1 FROM account_move_line item WHERE %s LIMIT %s", period(self), BACKGROUND_ITEMS + 1)
        )
        return len(rows) > BACKGROUND_ITEMS

    def _notify_running(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "The tie-outs of %(audit)s run in the background. Open it again in a moment.",
                    audit=self.name,
                ),
                "type": "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_process(self):
        """Go on with what waits, also where its server died."""
        waiting = self.env["kmp.audit.check"].search([("is_queued", "=", True)]).audit_id
        for audit in waiting.filtered(lambda audit: not audit.halted).sorted("id"):
            if not audit._process_in_background():
                return

    def _count_remaining(self):
        return len(self.check_ids.filtered("is_queued"))

    def _process_batch(self):
        """Run one tie-out as the auditor, see `kmp.background`."""
        check = self.check_ids.filtered("is_queued")[:1]
        if not check:
            return 0
        auditor = self.auditor_id
        check.with_user(auditor).with_company(self.company_id).with_context(lang=auditor.lang)._examine()
        return 1
