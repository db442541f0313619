from odoo import SUPERUSER_ID, models

from ..outcome import Outcome
from .tie_out import LISTED


class TieOutHash(models.AbstractModel):
    """The hashes of the journals: Odoo's own check of the inalterability of entries, over all years."""

    _name = "kmp.audit.tie.out.hash"
    _description = "Hashes of the journals"
    _inherit = "kmp.audit.tie.out"

    _place = 90

    def _examine(self, audit):
        # Odoo lets only accountants ask, and reads every entry of the company anyhow.
        company = audit.company_id.with_user(SUPERUSER_ID).with_context(lang=self.env.lang)
        results = company._check_hash_integrity()["results"]
        if not results:
            return Outcome(
                is_nothing=True,
                note=self.env._(
                    "No journal hashes its entries. Set 'Secure Posted Entries with Hash' on journals whose entries must never change."
                ),
            )
        broken = [result for result in results if result["status"] == "corrupted"]
        return Outcome(
            findings=[f"{result['journal_name']}: {result['msg_cover']}" for result in broken[:LISTED]],
            count=len(broken),
            note=", ".join(result["journal_name"] for result in results),
            model="account.move",
            domain=[("company_id", "=", audit.company_id.id), ("inalterable_hash", "!=", False)],
        )
