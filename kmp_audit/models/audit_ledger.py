import zipfile

from odoo import models

from odoo.addons.kmp_shu.summed_zip import SummedZip

from ..engine import ledger
from ..sql import ledger as queries

BYTE_ORDER_MARK = "\ufeff"  # so that a spreadsheet takes the text for UTF-8


class KmpAudit(models.Model):
    """The ledger of the year with its control totals, written straight from PostgreSQL into the file."""

    _inherit = "kmp.audit"

    def action_download_ledger(self):
        """Download ledger and control totals as a zip."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/kmp_audit/ledger/{self.id}", "target": "download"}

    def _write_ledger_zip(self, file):
        """Write the zip to a binary file; both are of one snapshot of the books."""
        self.env.flush_all()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            writer = SummedZip(archive)
            self._write_ledger(writer)
            writer.add_sums()

    def _write_ledger(self, writer):
        with writer.open(ledger.LEDGER) as sink:
            self._write_items(sink)
        with writer.open(ledger.TOTALS) as sink:
            self._write_csv(sink, ledger.TOTAL_COLUMNS, queries.totals(self))

    def _write_items(self, sink):
        self._write_csv(sink, ledger.COLUMNS, queries.items(self))

    def _write_csv(self, sink, columns, query):
        sink.write(f"{BYTE_ORDER_MARK}{','.join(columns)}\n".encode())
        queries.copy_csv(self.env.cr, query, sink)
