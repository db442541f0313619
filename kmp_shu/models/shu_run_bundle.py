import zipfile
from pathlib import Path

from odoo import models
from odoo.exceptions import UserError

from ..engine import bundle, tables
from ..engine.exact import number
from ..sql import bundle as queries
from ..sql.canonical import copy_out
from ..summed_zip import SummedZip

ENGINE = Path(bundle.__file__).parent
README = ENGINE / "BUNDLE.md"


class KmpShuRun(models.Model):
    """The audit bundle: all that an auditor needs to recompute a run at home, as one zip.

    What stands in it and how it is checked: `engine/bundle.py`. It is written straight from
    PostgreSQL into the file, whatever the number of members.
    """

    _inherit = "kmp.shu.run"

    def action_download_bundle(self):
        """Download the audit bundle. Raises UserError while the run is a draft."""
        self.ensure_one()
        self._check_bundle()
        return {"type": "ir.actions.act_url", "url": f"/kmp_shu/bundle/{self.id}", "target": "download"}

    def _check_bundle(self):
        """Who may read every share may take them home, once there are any."""
        self.check_access("read")
        self.env["kmp.shu.share"].check_access("read")
        if not self.hash:
            raise UserError(
                self.env._("%(run)s is not computed: there is nothing to recompute.", run=self.name)
            )

    def _write_bundle(self, file):
        """Write the zip to a binary file."""
        self.env.flush_all()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            writer = SummedZip(archive)
            writer.add("README.md", README.read_bytes())
            writer.add_records("run.tsv", self._get_bundle_facts())
            with writer.open("inputs.txt") as sink:
                self._write_canonical(sink, self._get_frozen_surplus_query(), self._get_frozen_weight_query())
            writer.add_records("scheme.tsv", self._get_bundle_scheme())
            self._write_bundle_tables(writer)
            for path in sorted(ENGINE.glob("*.py")):
                writer.add(f"engine/{path.name}", path.read_bytes())
            writer.add_sums()

    def _write_bundle_tables(self, writer):
        lines = [line.code for line in self.scheme_id._get_engine_scheme().pools]
        contents = {
            "pools.tsv": (tables.POOL_COLUMNS, queries.pools(self)),
            "shares.tsv": (tables.share_columns(lines), queries.shares(self, lines)),
            "members.tsv": (tables.MEMBER_COLUMNS, queries.members(self)),
        }
        if self.move_id:
            contents["entry.tsv"] = (tables.ENTRY_COLUMNS, queries.entry(self, self._get_chain().move_id))
        for name, (columns, query) in contents.items():
            with writer.open(name) as sink:
                sink.write(tables.record(*columns).encode())
                copy_out(self.env.cr, query, sink)

    def _get_chain(self):
        """The run and those that it corrects: their entries together carry what it computed."""
        chain = self
        while chain[-1].corrects_id:
            chain += chain[-1].corrects_id
        return chain

    def _get_bundle_facts(self):
        """Key and value of what names the run; the verifier reads hash, root, key and accounts."""
        company = self.company_id
        return [
            ("format", "kmp-shu-bundle 1"),
            ("company", company.name),
            ("run", self.name),
            ("scheme", self.scheme_id.name),
            ("bylaws", self.scheme_id.bylaws_id.display_name or ""),
            ("state", self.state),
            ("hash", self.hash),
            ("approved_hash", self.approved_hash or ""),
            ("approved_by", self.approved_by_id.name or ""),
            ("resolution", self.resolution or ""),
            ("entry", self.move_id.name or ""),
            ("undistributed_account", company.shu_undistributed_account_id.code or ""),
            ("payable_account", company.shu_payable_account_id.code or ""),
            ("root", self.proof_root or ""),
            # Officers may take the bundle, too; the field alone is the auditor's.
            ("key", self.sudo().proof_key or ""),
        ]

    def _get_bundle_scheme(self):
        yield tables.SCHEME_COLUMNS
        for line in self.scheme_id.line_ids.sorted():
            yield (
                line.code,
                line.name,
                line.kind,
                number(line._get_engine_line().percent),
                line._get_engine_line().of,
                line.account_id.code or "",
                line.citation or "",
            )
