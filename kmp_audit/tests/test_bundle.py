import base64
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from openpyxl import load_workbook

from odoo.tests import HttpCase, tagged

from odoo.addons.kmp_membership.tools import unsealed

from ..engine import verify
from ..engine.bundle import Bundle, BundleError
from .common import AuditCase


@tagged("post_install", "-at_install")
class TestBundle(AuditCase, HttpCase):
    """Everything in one zip, checked at home by what is in it."""

    def setUp(self):
        super().setUp()
        self.run = self._run_posted()
        self.audit = self._create_audit()
        self.samples = (
            self.env["kmp.audit.sample"]
            .with_user(self.auditor)
            .create(
                [
                    {"audit_id": self.audit.id, "seed": "=1+1", "size": 3},
                    {
                        "audit_id": self.audit.id,
                        "seed": "7",
                        "size": 2,
                        "method": "value",
                        "is_by_journal": True,
                        "key_value": 500_000,
                    },
                ]
            )
        )
        for sample in self.samples:
            sample.action_draw()
        self.audit.action_run()
        self.env.flush_all()

    def _write(self):
        file = io.BytesIO()
        self.audit._write_bundle(file)
        return file

    def test_everything_is_in_it(self):
        with zipfile.ZipFile(self._write()) as archive:
            names = archive.namelist()
            self.assertIn(f"runs/SHU-2025-{self.run.hash_short}.zip", names)
            self.assertEqual(sum(name.startswith("samples/") for name in names), 2)
            with archive.open(f"runs/SHU-2025-{self.run.hash_short}.zip") as inner:
                run = zipfile.ZipFile(io.BytesIO(inner.read()))
                self.assertEqual(run.read("inputs.txt"), self.run._get_canonical_bytes())
            sheet = load_workbook(io.BytesIO(archive.read("tie-outs.xlsx"))).active
            titles = {row[0].value for row in sheet.iter_rows(min_row=6)}
            self.assertEqual(titles - {None}, set(self._get_labels()) | {"Tie-out"})
            readme = archive.read("README.md").decode()
        self.assertIn("Berkas pemeriksaan satu tahun buku", readme)
        self.assertIn("What the auditor takes home of a year", readme)

    def _get_labels(self):
        models = self.env["kmp.audit.tie.out"]
        return [self.env[name]._description for name in models._get_tie_outs()]

    def test_the_book_of_the_meeting_is_in_it(self):
        pack = self.env["kmp.rat.pack"].create({"company_id": self.company.id, "date_to": "2025-12-31"})
        self.assertFalse(self._get_pack(), "nothing has been built")
        unsealed(pack).write({"book_file": base64.b64encode(b"%PDF book"), "book_hash": "x"})
        other = pack.create({"company_id": self.company.id, "date_to": "2024-12-31"})
        unsealed(other).write({"book_file": base64.b64encode(b"%PDF last year")})
        self.assertEqual(self._get_pack(), {f"pack/{pack.book_file_name}": b"%PDF book"})

    def _get_pack(self):
        with zipfile.ZipFile(self._write()) as archive:
            return {name: archive.read(name) for name in archive.namelist() if name.startswith("pack/")}

    def test_it_verifies_itself(self):
        checks = list(Bundle(self._write()).verify())
        self.assertEqual([what for what, _detail in checks], ["files", "ledger", "sample", "sample"])
        self.assertIn("debit 2001000 = credit 2001000", checks[1][1])

    def test_it_verifies_without_odoo(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "audit.zip")
            path.write_bytes(self._write().getvalue())
            with zipfile.ZipFile(path) as archive:
                archive.extractall(folder)
            command = [sys.executable, "-I", str(Path(folder, "engine", "verify.py"))]
            answer = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
            self.assertEqual((answer.returncode, answer.stderr), (0, ""), answer.stdout)
            self.assertIn("Everything agrees.", answer.stdout)
            drawn = subprocess.run(
                [*command, str(Path(folder, "ledger.csv")), "--seed", "7", "--size", "3"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        self.assertEqual(len(drawn.splitlines()), 3)

    def test_what_was_changed_is_found(self):
        file = self._write()
        for name, old, new, message in (
            ("ledger.csv", b"1500000", b"1500001", "does not have the SHA-256"),
            ("samples.csv", b"value", b"random", "does not have the SHA-256"),
        ):
            with self.subTest(name), self.assertRaisesRegex(BundleError, message):
                list(Bundle(self._replace(file, name, old, new)).verify())

    def test_a_forger_who_repairs_the_sums(self):
        file = self._write()
        forged = self._replace(file, "samples.csv", b",7,value,", b",8,value,", repair=True)
        with self.assertRaisesRegex(BundleError, "draws other entries"):
            list(Bundle(forged).verify())
        forged = self._replace(file, "ledger.csv", b"1500000", b"1500001", repair=True)
        with self.assertRaisesRegex(ValueError, "the items are"):
            list(Bundle(forged).verify())
        with tempfile.NamedTemporaryFile(suffix=".zip") as target:
            target.write(forged.getvalue())
            target.flush()
            self.assertEqual(verify.main([target.name]), verify.FAILED)

    def _replace(self, file, name, old, new, repair=False):
        """The zip with a file changed, and if asked with its sum put right."""
        changed = io.BytesIO()
        with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w") as target:
            contents = {each: source.read(each) for each in source.namelist()}
            self.assertIn(old, contents[name])
            digest = Bundle(file)._sum(name).encode()
            contents[name] = contents[name].replace(old, new)
            for each, data in contents.items():
                target.writestr(each, data)
        if repair:
            sums = Bundle(changed)._sum(name).encode()
            return self._replace(changed, "SHA256SUMS", digest, sums)
        return changed

    def test_download(self):
        self.authenticate(self.auditor.login, self.auditor.login)
        response = self.url_open(f"/kmp_audit/bundle/{self.audit.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Koperasi-Uji-2025-audit.zip", response.headers["Content-Disposition"])
        self.assertEqual(len(list(Bundle(io.BytesIO(response.content)).verify())), 4)
