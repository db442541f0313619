from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _decides_by_meeting(self):
        """Whether what the members decide needs its resolution here: once voting rules are in force."""
        self.ensure_one()
        # sudo: whether a resolution is needed does not depend on who asks
        rules = self.env["kmp.voting.rule"].sudo()
        return bool(rules.search_count([("company_id", "=", self.id), ("state", "=", "in_force")], limit=1))
