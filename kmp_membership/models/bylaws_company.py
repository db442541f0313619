from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_bylaws_in_force(self):
        """The version of the by-laws that holds today, as superuser: anybody who belongs or wants to belong may read it."""
        self.ensure_one()
        # sudo: see above; named values only
        bylaws = self.env["kmp.bylaws"].sudo()
        return bylaws.search(
            [*bylaws._get_version_domain(self), ("date_from", "<=", fields.Date.context_today(self))],
            order="date_from desc, id desc",
            limit=1,
        )
