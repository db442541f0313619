import tempfile

from werkzeug.utils import send_file

from odoo import http


class DownloadController(http.Controller):
    @http.route("/kmp_audit/ledger/<int:audit_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def download_ledger(self, audit_id):
        """The ledger of an audit's year with its control totals as a zip; 404 without telling whether it exists."""
        audit = self._find(audit_id)
        return self._send(audit, audit._write_ledger_zip, http.request.env._("ledger"))

    @http.route("/kmp_audit/bundle/<int:audit_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def download_bundle(self, audit_id):
        """All that the auditor takes home as a zip; 404 without telling whether it exists."""
        audit = self._find(audit_id)
        return self._send(audit, audit._write_bundle, http.request.env._("audit"))

    def _find(self, audit_id):
        audits = http.request.env["kmp.audit"]
        audit = audits.has_access("read") and audits.search([("id", "=", audit_id)])
        if not audit:
            raise http.request.not_found()
        return audit

    def _send(self, audit, write, kind):
        # The file is gone when the response has been sent.
        file = tempfile.TemporaryFile()  # noqa: SIM115
        write(file)
        file.seek(0)
        company = "".join(letter if letter.isalnum() else "-" for letter in audit.company_id.name)
        return send_file(
            file,
            http.request.httprequest.environ,
            mimetype="application/zip",
            as_attachment=True,
            download_name=f"{company}-{audit.date_to.year}-{kind}.zip",
        )
