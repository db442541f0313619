import json

from odoo import http


class ProofController(http.Controller):
    @http.route("/kmp_shu/proof/<int:share_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def download(self, share_id):
        """The proof of a share as JSON, for its member and for who may read shares; 404 without telling whether the share exists."""
        share = self._find(share_id)
        if not share:
            raise http.request.not_found()
        return http.request.make_response(
            json.dumps(share._get_proof(), indent=1),
            headers=[
                ("Content-Type", "application/json"),
                ("Content-Disposition", http.content_disposition(f"proof-{share.number}.json")),
            ],
        )

    def _find(self, share_id):
        """A published share of the user's own, or one that the user may read."""
        env = http.request.env
        own = env["kmp.membership"]._get_own()._get_published_shares()
        shares = env["kmp.shu.share"]
        return own.filtered(lambda share: share.id == share_id) or (
            shares.search([("id", "=", share_id)]) if shares.has_access("read") else shares
        )
