from odoo import fields, models


class KmpShuRunWarning(models.Model):
    _inherit = "kmp.shu.run.warning"

    kind = fields.Selection(
        selection_add=[("open_sessions", "Open till sessions")], ondelete={"open_sessions": "cascade"}
    )


class KmpShuRun(models.Model):
    _inherit = "kmp.shu.run"

    def _get_warnings(self):
        return [*super()._get_warnings(), *self._warn_of_open_sessions()]

    def _get_open_session_domain(self):
        return [
            ("config_id.company_id", "=", self.company_id.id),
            ("state", "!=", "closed"),
            ("start_at", "<", fields.Date.add(self.date_to, days=1)),
        ]

    def _warn_of_open_sessions(self):
        """Orders of an open session are business of members, but not yet income in the ledger."""
        # An open session changes the surplus whoever may see it.
        sessions = self.env["pos.session"].sudo().search(self._get_open_session_domain(), order="id")
        if sessions:
            yield {
                "kind": "open_sessions",
                "facts": ",".join(map(str, sessions.ids)),
                "message": self.env._(
                    "Till sessions of the year are still open, so their sales are not in the ledger: "
                    "%(sessions)s.",
                    sessions=", ".join(sessions.mapped("name")),
                ),
            }

    def _get_warning_action(self, kind):
        if kind != "open_sessions":
            return super()._get_warning_action(kind)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open till sessions"),
            "res_model": "pos.session",
            "view_mode": "list,form",
            "domain": self._get_open_session_domain(),
        }
