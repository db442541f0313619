"""The audit bundle and the members' proofs: from Odoo to the verifier that needs no Odoo."""

import contextlib
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kmp_shu.engine import merkle, proof, tables, verify
from odoo.addons.kmp_shu.engine.bundle import Bundle
from odoo.addons.kmp_shu.tests.common import CooperativeCase

# What decides amounts; texts such as names are held by their sums alone.
PROVEN = ("inputs.txt", "pools.tsv", "shares.tsv", "entry.tsv")


@tagged("post_install", "-at_install")
class TestAuditBundle(CooperativeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ("K1", "K2"):
            cls._create_class(code)
        cls.members = [
            cls._create_member(number, code)
            for number, code in (("A-1", "K1"), ("A-2", "K2"), ("A-3", "K1"), ("É-4", "K2"), ("a-5", "K1"))
        ]
        for place, membership in enumerate(cls.members, 1):
            cls._pay_in(membership, "2024-12-31", 100_000 * place)
        cls.basis = cls._create_basis("SHOP")
        cls._earn("2025-06-30", 1_000_003)

    def setUp(self):
        super().setUp()
        rows = [f"{member.number},2025-05-05,{333 * place}.5" for place, member in enumerate(self.members, 1)]
        self._import(self.basis, "\n".join(["member,date,value", *rows]))
        self.run = self._create_run(self.create_scheme(), posting_date="2026-03-15")
        self.run.action_compute()

    def create_scheme(self):
        scheme = self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 30},
            {"code": "P", "kind": "fund", "percent": 5},
            {"code": "JM", "kind": "capital", "percent": 25, "capital_base": "closing"},
            {
                "code": "JU",
                "kind": "patronage",
                "percent": 40,
                "basis_id": self.basis.id,
                "classes": {"K1": 60, "K2": 40},
            },
        )
        scheme.with_user(self.officer).action_put_into_force()
        return scheme

    def post(self):
        self._approve(self.run)
        self.run.action_post()

    def write_bundle(self, user=None):
        file = io.BytesIO()
        self.run.with_user(user or self.auditor)._write_bundle(file)
        return file

    def read(self, file):
        with zipfile.ZipFile(file) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def pack(self, files, repair=False):
        """The files as a bundle; `repair` makes the sums again, as a forger would."""
        if repair:
            lines = [
                f"{hashlib.sha256(data).hexdigest()}  {name}\n"
                for name, data in files.items()
                if name != "SHA256SUMS"
            ]
            files = files | {"SHA256SUMS": "".join(lines).encode()}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return file

    def verify(self, *arguments):
        """Exit code and output of the verifier."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            code = verify.main([str(argument) for argument in arguments])
        return code, output.getvalue()

    def save(self, file, name):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / name).write_bytes(file.getvalue() if isinstance(file, io.BytesIO) else file)
        return folder / name

    # The bundle

    def test_limits_and_a_tax_stand_in_the_bundle(self):
        scheme = self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 10, "floor_percent": 40},
            {"code": "JM", "kind": "capital", "percent": 30, "cap_measure": "weight", "cap_value": 6},
            {"code": "JU", "kind": "patronage", "percent": 60, "basis_id": self.basis.id},
            tax_base="all",
            tax_percent=10,
        )
        scheme.with_user(self.officer).action_put_into_force()
        self.run.action_reset_to_draft()
        self.run.scheme_id = scheme
        self.run.action_compute()
        self.post()
        code, output = self.verify(
            self.save(self.write_bundle(), "bundle.zip"), "--root", self.run.proof_root
        )
        self.assertEqual(code, 0, output)
        # 6% of 1,500,000 is 90,000; R has its 40% of 1,000,003, JU the rest; a tenth of each share is withheld.
        self.assertEqual([pool.amount for pool in self.run.pool_ids], [400_002, 90_000, 510_001])
        self.assertEqual(
            [share.tax_amount for share in self.run.share_ids],
            [share.amount // 10 for share in self.run.share_ids],
        )

    def test_a_posted_run_agrees_with_its_bundle(self):
        self.post()
        path = self.save(self.write_bundle(), "bundle.zip")
        code, output = self.verify(path, "--hash", self.run.hash, "--root", self.run.proof_root)
        self.assertEqual(code, 0, output)
        checks = [line.split()[1] for line in output.splitlines() if line.startswith("ok")]
        self.assertEqual(checks, ["files", "inputs", "distribution", "pools", "shares", "entry", "root"])

    def test_a_correction_brings_the_entries_that_it_corrects(self):
        self.post()
        self._import(self.basis, "member,date,value\nA-1,2025-07-07,5000\n", name="late.csv")
        action = self.run.action_correct()
        self.run = self.env["kmp.shu.run"].with_user(self.accountant).browse(action["res_id"])
        self.run.posting_date = "2026-04-15"
        self._acknowledge(self.run, "tax_unset")
        self.run.action_compute()
        self.post()
        files = self.read(self.write_bundle())
        checks = dict(Bundle(self.pack(files)).verify(self.run.hash, self.run.proof_root))
        self.assertIn("entry", checks)
        entries = {row.split("\t")[0] for row in files["entry.tsv"].decode().splitlines()[1:]}
        self.assertEqual(entries, set(self.run._get_chain().move_id.mapped("name")))
        self.assertEqual(len(entries), 2)

    def test_a_computed_run_has_a_bundle_without_entry_and_root(self):
        files = self.read(self.write_bundle())
        self.assertNotIn("entry.tsv", files)
        checks = [what for what, _detail in Bundle(self.pack(files)).verify()]
        self.assertEqual(checks, ["files", "inputs", "distribution", "pools", "shares"])

    def test_the_verifier_runs_from_the_unpacked_bundle_without_odoo(self):
        self.post()
        path = self.save(self.write_bundle(), "bundle.zip")
        with zipfile.ZipFile(path) as archive:
            archive.extractall(path.parent)
        done = subprocess.run(
            [sys.executable, "-I", "-S", path.parent / "engine" / "verify.py", path, "--hash", self.run.hash],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Everything agrees.", done.stdout)

    def test_another_hash_or_root_than_in_the_minutes(self):
        self.post()
        path = self.save(self.write_bundle(), "bundle.zip")
        for option in ("--hash", "--root"):
            code, output = self.verify(path, option, "0" * 64)
            self.assertEqual(code, 1)
            self.assertIn("the minutes", output)

    def test_what_is_no_bundle_is_said_so(self):
        path = self.save(b"no zip", "bundle.zip")
        code, output = self.verify(path)
        self.assertEqual(code, 2)
        self.assertIn("neither an audit bundle (.zip) nor a member's proof (.json)", output)
        self.assertEqual(self.verify(path.parent / "missing.zip")[0], 2)

    def test_every_changed_digit_is_found(self):
        """Each digit of each file, one at a time: the sums no longer fit."""
        self.post()
        files = self.read(self.write_bundle())
        changed = 0
        for name, data in files.items():
            if not name.startswith("engine/"):
                for forged in self.with_changed_digits(data):
                    changed += 1
                    with self.assertRaises(ValueError, msg=f"{name}: {forged}"):
                        self.check_all(files | {name: forged})
        self.assertGreater(changed, 500)

    def test_every_changed_digit_is_found_by_whoever_knows_the_hash(self):
        """The same with the sums made again: hash and arithmetic find it."""
        self.post()
        files = self.read(self.write_bundle())
        for name in PROVEN:
            for forged in self.with_changed_digits(self.numbers(name, files[name])):
                with self.assertRaises(ValueError, msg=f"{name}: {forged}"):
                    self.check_all(files | {name: forged}, repair=True)

    def with_changed_digits(self, data):
        for place, byte in enumerate(data):
            if chr(byte).isdigit():
                yield data[:place] + str((byte - ord("0") + 1) % 10).encode() + data[place + 1 :]

    def numbers(self, name, data):
        """The entry without the labels and account names, which only the sums hold."""
        if name != "entry.tsv":
            return data
        rows = [line.split("\t") for line in data.decode().splitlines()]
        return "".join(
            tables.record("", account, "", "", "", debit, credit)
            for _e, account, _n, _l, _m, debit, credit in rows
        ).encode()

    def check_all(self, files, repair=False):
        return list(Bundle(self.pack(files, repair)).verify(self.run.hash, self.run.proof_root))

    def test_files_that_are_added_or_missing(self):
        files = self.read(self.write_bundle())
        with self.assertRaisesRegex(ValueError, "not summed"):
            self.check_all(files | {"note.txt": b""})
        del files["members.tsv"]
        with self.assertRaisesRegex(ValueError, "members.tsv"):
            self.check_all(files, repair=True)

    def test_names_of_users_cannot_break_a_record(self):
        self.company.name = "Koperasi\tA\nroot\t" + "0" * 64
        self.members[0].partner_id.name = "=cmd\tB\nA-9\tK1"
        self.assertTrue(self.check_all(self.read(self.write_bundle())))
        files = self.read(self.write_bundle())
        self.assertEqual(len(files["members.tsv"].splitlines()), 1 + len(self.members))

    # The proofs

    def test_every_member_has_a_proof_that_verifies(self):
        self.post()
        for share in self.run.share_ids:
            path = self.save(json.dumps(share._get_proof()).encode(), "proof.json")
            code, output = self.verify(path, "--root", self.run.proof_root)
            self.assertEqual(code, 0, output)
            self.assertIn(share.number, output)
            self.assertIn(f"{share.amount:.0f}, of which tax 0", output)

    def test_a_proof_shows_nobody_else(self):
        self.post()
        share = self.run.share_ids[0]
        text = json.dumps(share._get_proof())
        for other in self.run.share_ids - share:
            self.assertNotIn(other.number, text)

    def test_every_changed_digit_of_a_leaf_is_found(self):
        self.post()
        given = self.run.share_ids[0]._get_proof()
        for forged in self.with_changed_digits(given["leaf"].encode()):
            with self.assertRaises(ValueError):
                list(proof.verify(given | {"leaf": forged.decode()}, self.run.proof_root))

    def test_a_proof_under_another_root(self):
        self.post()
        with self.assertRaisesRegex(proof.ProofError, "not to the root"):
            list(proof.verify(self.run.share_ids[0]._get_proof(), "0" * 64))

    def test_the_tree_in_postgresql_is_that_of_the_engine(self):
        self._approve(self.run)
        rows = self.env.execute_query(
            SQL(
                """SELECT level, ENCODE(hash, 'hex') FROM kmp_shu_proof_node
                    WHERE run_id = %s ORDER BY level, position""",
                self.run.id,
            )
        )
        leaves = [bytes.fromhex(digest) for level, digest in rows if level == 0]
        self.assertEqual(len(leaves), len(self.members))
        wanted = [(level, node.hex()) for level, nodes in enumerate(merkle.levels(leaves)) for node in nodes]
        self.assertEqual(rows, wanted)

    def test_no_proof_before_approval_and_none_after_a_reset(self):
        with self.assertRaisesRegex(UserError, "once it is approved"):
            self.run.share_ids[0]._get_proof()
        self._approve(self.run)
        first = self.run.proof_root
        self.run.action_reset_to_draft()
        self.assertFalse(self.run.proof_root)
        self.run.action_compute()
        self._approve(self.run)
        self.assertNotEqual(self.run.proof_root, first, "a root needs a new key")

    # Who may

    def test_root_and_key_are_sealed(self):
        self._approve(self.run)
        for field in ("proof_root", "proof_key"):
            with self.assertRaisesRegex(UserError, field):
                self.run.write({field: "0" * 64})

    def test_the_key_is_not_the_officers(self):
        self._approve(self.run)
        self.assertTrue(self.run.with_user(self.auditor).proof_key)
        with self.assertRaises(AccessError):
            self.run.with_user(self.officer).read(["proof_key"])

    def test_a_clerk_takes_nothing_home(self):
        self._approve(self.run)
        with self.assertRaises(AccessError):
            self.run.with_user(self.clerk).action_download_bundle()
        with self.assertRaises(AccessError):
            self.run.share_ids[0].with_user(self.clerk).action_download_proof()

    def test_a_draft_has_no_bundle(self):
        self.run.action_reset_to_draft()
        with self.assertRaisesRegex(UserError, "nothing to recompute"):
            self.run.with_user(self.auditor).action_download_bundle()
