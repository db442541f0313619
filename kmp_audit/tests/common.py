"""A small co-operative whose year is posted, distributed and looked at by its auditor."""

from odoo.addons.kmp_reports.tests.common import DistributionCase


class AuditCase(DistributionCase):
    def _create_audit(self, user=None, **vals):
        return (
            self.env["kmp.audit"]
            .with_user(user or self.auditor)
            .create(
                {"date_from": "2025-01-01", "date_to": "2025-12-31", "company_id": self.company.id} | vals
            )
        )

    def _check(self, name, audit=None):
        """Run one tie-out, of a new audit by default; returns its line."""
        audit = audit or self._create_audit()
        line = audit.check_ids.filtered(lambda check: check.tie_out == f"kmp.audit.tie.out.{name}")
        line.action_run()
        return line

    def _assert_ok(self, name):
        line = self._check(name)
        self.assertEqual((line.status, line.difference, line.found), ("ok", 0, 0), line.message)
        return line

    def _assert_failed(self, name, difference, found, *words):
        """The tie-out is red, with the amount, and its message names the records."""
        line = self._check(name)
        self.assertEqual(
            (line.status, line.difference, line.found), ("failed", difference, found), line.message
        )
        for word in words:
            self.assertIn(word, line.message)
        return line

    def _get_records(self, line):
        action = line.action_open_records()
        return self.env[action["res_model"]].with_user(self.auditor).search(action["domain"])

    def _sql(self, query, *params):
        """Disturb the books past Odoo."""
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()
