import base64
import csv
import io
import zipfile
from pathlib import Path

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.kmp_shu.summed_zip import SummedZip

from ..engine import bundle
from ..engine.ledger import safe

ENGINE = Path(bundle.__file__).parent
README = ENGINE / "BUNDLE.md"


class KmpAudit(models.Model):
    """All that the auditor takes home, as one zip: what stands in it and how it is checked says `engine/bundle.py`."""

    _inherit = "kmp.audit"

    def action_download_bundle(self):
        """Download everything as one zip."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/kmp_audit/bundle/{self.id}", "target": "download"}

    def _write_bundle(self, file):
        """Write the zip to a binary file; the books are those of one snapshot."""
        self.env.flush_all()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            writer = SummedZip(archive)
            writer.add("README.md", README.read_bytes())
            writer.add(bundle.FACTS, _csv(bundle.FACT_COLUMNS, self._get_facts()))
            self._add_tie_outs(writer)
            self._write_ledger(writer)
            self._add_samples(writer)
            self._add_runs(writer)
            self._add_pack(writer)
            for path in sorted(ENGINE.glob("*.py")):
                writer.add(f"engine/{path.name}", path.read_bytes())
            writer.add_sums()

    def _get_facts(self):
        """Key and value of what names the audit."""
        return [
            ("format", "kmp-audit-bundle 1"),
            ("company", self.company_id.name),
            ("audit", self.name),
            ("date_from", self.date_from),
            ("date_to", self.date_to),
            ("currency", self.currency_id.name),
            ("auditor", self.auditor_id.name),
            ("state", self.state),
            ("written_on", fields.Datetime.now()),
            ("written_by", self.env.user.name),
        ]

    def _add_tie_outs(self, writer):
        writer.add("tie-outs.xlsx", self._render("kmp_audit.tie_out_xlsx_report", self))
        writer.add(bundle.TIE_OUTS, _csv(bundle.TIE_OUT_COLUMNS, self._get_tie_out_rows()))

    def _get_tie_out_rows(self):
        differences = dict(
            self.env.execute_query(
                SQL(
                    "SELECT id, TRIM_SCALE(difference)::text FROM kmp_audit_check WHERE audit_id = %s",
                    self.id,
                )
            )
        )
        for check in self.check_ids:
            yield (
                check.display_name,
                check.status,
                differences[check.id] or "0",
                check.found,
                check.checked_on or "",
                (check.message or "").replace("\n", " | "),
            )

    def _add_samples(self, writer):
        samples = self.sample_ids.filtered(lambda sample: sample.state == "drawn").sorted("id")
        settings = [sample._get_settings() for sample in samples]
        lines = [line for sample in samples for line in sample._get_drawn()]
        writer.add(bundle.SAMPLES, _csv(bundle.SAMPLE_COLUMNS, settings))
        writer.add(bundle.SAMPLE_LINES, _csv(bundle.LINE_COLUMNS, lines))
        for sample in samples:
            content = self._render("kmp_audit.sample_xlsx_report", sample)
            writer.add(f"samples/{_file_name(sample._get_key())}.xlsx", content)

    def _add_runs(self, writer):
        """The audit bundle of each distribution that stands; who may not read every share takes none home."""
        for run in self.env["kmp.audit.tie.out"]._get_live_runs(self):
            run._check_bundle()
            with writer.open(f"runs/{_file_name(run.name)}-{run.hash_short}.zip") as sink:
                run._write_bundle(_Unseekable(sink))

    def _add_pack(self, writer):
        """Book and workbook of the annual meeting, where they have been built."""
        packs = self.env["kmp.rat.pack"].search(
            [("company_id", "=", self.company_id.id), ("date_to", "=", self.date_to)]
        )
        for pack in packs.with_context(bin_size=False):
            files = {pack.book_file_name: pack.book_file, pack.workbook_file_name: pack.workbook_file}
            for name, content in files.items():
                if content:
                    writer.add(f"pack/{name}", base64.b64decode(content))

    def _render(self, report, record):
        report = self.env.ref(report)
        content, _kind = self.env["ir.actions.report"]._render(report.report_name, record.ids)
        return content


class KmpAuditSample(models.Model):
    _inherit = "kmp.audit.sample"

    def _get_key(self):
        """What the sample is called in the bundle: its name, and its id, because two may have one name."""
        return f"{self.name} #{self.id}"

    def _get_settings(self):
        [[key_value]] = self.env.execute_query(
            SQL("SELECT TRIM_SCALE(NULLIF(key_value, 0))::text FROM kmp_audit_sample WHERE id = %s", self.id)
        )
        by_journal = "yes" if self.is_by_journal else "no"
        return self._get_key(), self.seed, self.method, self.size, by_journal, key_value or ""

    def _get_drawn(self):
        for line in self.line_ids.sorted("sequence"):
            move = line.move_id
            yield self._get_key(), line.stratum or "", move.journal_id.code, move.name, line.hits


class _Unseekable:
    """A zip within a zip: its size is not known before it ends, so `zipfile` may not go back in it."""

    def __init__(self, sink):
        self._sink = sink

    def write(self, chunk):  # pylint: disable=method-required-super
        self._sink.write(chunk)
        return len(chunk)

    def flush(self):
        pass


def _csv(columns, rows):
    """Rows as the bytes of a CSV file that no spreadsheet takes for formulas."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe(str(value)) for value in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _file_name(text):
    """
    >>> _file_name("Random 25, 7/3 #4")
    'Random-25--7-3--4'
    """
    return "".join(letter if letter.isalnum() else "-" for letter in text)
