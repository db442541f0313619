import json

from odoo import http


class ProofController(http.Controller):
    @http.route("/kmp_shu/proof/<int:share_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def download(self, share_id):
        """The proof of a share as JSON; 404 without telling whether the share exists."""
        share = http.request.env["kmp.shu.share"].search([("id", "=", share_id)])
        if not share:
            raise http.request.not_found()
        return http.request.make_response(
            json.dumps(share._get_proof(), indent=1),
            headers=[
                ("Content-Type", "application/json"),
                ("Content-Disposition", http.content_disposition(f"proof-{share.number}.json")),
            ],
        )
