from odoo import models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import unsealed

from .shu_step import ACCOUNTANT


class KmpShuRun(models.Model):
    """A posted run is closed when the members have been paid."""

    _inherit = "kmp.shu.run"

    def action_close(self):
        """Raises UserError when members still have something to get."""
        self._begin(ACCOUNTANT, self.env._("close"), "posted")
        amount = self._get_open_amount()
        if amount:
            raise UserError(
                self.env._(
                    "%(run)s stays open: %(amount)s of the members' shares is not paid yet.",
                    run=self.name,
                    amount=self.currency_id.format(float(amount)),
                )
            )
        self._update_closed()

    def _update_closed(self):
        """Close what is paid in full, and open again what is not; for the payouts to call."""
        for run in self.filtered(lambda run: run.state in ("posted", "closed")):
            state = "posted" if run._get_open_amount() else "closed"
            if run.state != state:
                unsealed(run).state = state
