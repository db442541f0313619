import io
import zipfile

from odoo import http

from ..models.shu_run_bundle import ENGINE


class VerifierController(http.Controller):
    @http.route("/kmp_shu/verifier", type="http", auth="public", methods=["GET"], readonly=True)
    def download(self):
        """The program that checks a proof or a bundle, for anybody: a zip that needs Python and nothing else."""
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(ENGINE.glob("*.py")):
                archive.writestr(f"engine/{path.name}", path.read_bytes())
        return http.request.make_response(
            file.getvalue(),
            headers=[
                ("Content-Type", "application/zip"),
                ("Content-Disposition", http.content_disposition("verifier.zip")),
            ],
        )
