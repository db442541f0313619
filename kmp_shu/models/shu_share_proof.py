from odoo import models


class KmpShuShare(models.Model):
    """A member's proof: to be handed out, and verified with `engine/verify.py`."""

    _inherit = "kmp.shu.share"

    def _get_proof(self):
        """The proof of the share as a dict for JSON, see `engine/proof.py`; UserError before approval."""
        self.ensure_one()
        return self.run_id._get_proof(self)

    def action_download_proof(self):
        """Download the proof of one share. Raises UserError before the run is approved."""
        self.ensure_one()
        self.check_access("read")
        self._get_proof()
        return {"type": "ir.actions.act_url", "url": f"/kmp_shu/proof/{self.id}", "target": "download"}
