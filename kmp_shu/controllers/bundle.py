import tempfile

from werkzeug.utils import send_file

from odoo import http


class BundleController(http.Controller):
    @http.route("/kmp_shu/bundle/<int:run_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def download(self, run_id):
        """The audit bundle of a run as a zip; 404 without telling whether the run exists."""
        run = http.request.env["kmp.shu.run"].search([("id", "=", run_id)])
        if not run:
            raise http.request.not_found()
        run._check_bundle()
        # The file is gone when the response has been sent.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        run._write_bundle(file)
        file.seek(0)
        name = "".join(letter if letter.isalnum() else "-" for letter in run.name)
        return send_file(
            file,
            http.request.httprequest.environ,
            mimetype="application/zip",
            as_attachment=True,
            download_name=f"{name}-{run.hash_short}.zip",
        )
