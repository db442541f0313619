from odoo import models
from odoo.exceptions import RedirectWarning, UserError


class KmpShuRun(models.Model):
    """What must hold before a year can be distributed."""

    _inherit = "kmp.shu.run"

    def _check_computable(self):
        self._check_scheme()
        self._check_nothing_is_draft()

    def _check_scheme(self):
        scheme = self.scheme_id
        in_force = scheme.state == "in_force" and scheme.date_from <= self.date_to
        if not in_force or (scheme.date_to and scheme.date_to < self.date_to):
            raise UserError(
                self.env._(
                    "Scheme %(scheme)s is not in force on %(date)s. Choose the scheme of that day "
                    "or put it into force.",
                    scheme=scheme.name,
                    date=self.date_to,
                )
            )

    def _check_nothing_is_draft(self):
        domain = [
            ("company_id", "=", self.company_id.id),
            ("state", "=", "draft"),
            ("date", ">=", self.date_from),
            ("date", "<=", self.date_to),
        ]
        # A draft entry changes the surplus whoever may see it.
        drafts = self.env["account.move"].sudo().search(domain, order="date, id", limit=3)
        if not drafts:
            return
        count = self.env["account.move"].sudo().search_count(domain)
        raise RedirectWarning(
            self.env._(
                "%(run)s cannot be computed: %(count)s entries of the year are still drafts, the "
                "first are %(entries)s. Post or delete them.",
                run=self.name,
                count=count,
                entries=", ".join(drafts.mapped("display_name")),
            ),
            {
                "type": "ir.actions.act_window",
                "name": self.env._("Draft entries"),
                "res_model": "account.move",
                "views": [(False, "list"), (False, "form")],
                "domain": domain,
            },
            self.env._("Show the entries"),
        )
