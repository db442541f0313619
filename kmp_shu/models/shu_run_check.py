from odoo import models
from odoo.exceptions import UserError


class KmpShuRun(models.Model):
    """What must hold before a year can be distributed."""

    _inherit = "kmp.shu.run"

    def _check_computable(self):
        self._check_scheme()
        self._check_warnings()

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
