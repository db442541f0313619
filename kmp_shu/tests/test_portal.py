import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.kmp_membership.tests.portal_common import PortalMixin

from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestSurplusPortal(PortalMixin, ShuRunCase):
    """A-1 has 117 on capital and 263 on business of Rp701; see `ShuRunCase`."""

    def setUp(self):
        super().setUp()
        self.user = self._give_access(self.first, "first")
        self.neighbour = self._give_access(self.second, "second")
        self.run = self.compute()

    def _publish(self):
        self._approve(self.run)
        self.run.with_user(self.accountant).action_post()
        return self.run.share_ids.filtered(lambda share: share.membership_id == self.first)

    def _url(self, page=""):
        return f"/my/membership/{self.first.id}{page}"

    def test_nothing_is_shown_before_approval(self):
        share = self.run.share_ids.filtered(lambda share: share.membership_id == self.first)
        self._sign_in(self.user)
        self.assertIn("No distribution has been approved yet", self._read(self._url("/surplus")))
        self.assertEqual(self._get(self._url(f"/surplus/{share.id}")).status_code, 404)
        self.assertEqual(self._get(f"/kmp_shu/proof/{share.id}").status_code, 404)

    def test_share_of_the_year(self):
        share = self._publish()
        self._sign_in(self.user)
        self.assertRegex(
            self._read(self._url("/surplus")), r"SHU 2025 .*117\.00 .*263\.00 .*380\.00 To be paid"
        )
        text = self._read(self._url(f"/surplus/{share.id}"))
        self.assertIn("351 × 100 / 300", text)
        self.assertIn("350 × 300 / 400", text)
        self.assertRegex(text, r"Total Rp.380\.00 Net Rp.380\.00 Paid Rp.0\.00 Still to be paid Rp.380\.00")
        self.assertIn(self.run.proof_root, text)
        self.assertRegex(self._read(self._url()), r"Surplus \(SHU\) SHU 2025 Rp.380\.00")

    def test_member_checks_the_proof_alone(self):
        """Proof and verifier from the pages, run by a Python that knows nothing of Odoo."""
        share = self._publish()
        self._sign_in(self.user)
        page = self.url_open(self._url(f"/surplus/{share.id}")).text
        root = re.search(r'id="kmp_root" class="text-break">([0-9a-f]{64})<', page).group(1)
        with tempfile.TemporaryDirectory() as folder:
            with zipfile.ZipFile(io.BytesIO(self._get("/kmp_shu/verifier").content)) as archive:
                archive.extractall(folder)
            proof = Path(folder, "proof.json")
            proof.write_bytes(self._get(f"/kmp_shu/proof/{share.id}").content)
            self.assertEqual(self._verify(folder, proof, root), 0)
            proof.write_text(proof.read_text().replace("263", "264"))
            self.assertEqual(self._verify(folder, proof, root), 1)

    def test_a_share_that_somebody_changed_is_shown_with_what_is_wrong(self):
        share = self._publish()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kmp_shu_share_line SET amount = amount + 1 WHERE share_id = %s", [share.id]
        )
        self.env.invalidate_all()
        self._sign_in(self.user)
        text = self._read(self._url(f"/surplus/{share.id}"))
        self.assertIn("does not follow from", text)
        self.assertIn("Show this page to the supervisors", text)

    def _verify(self, folder, proof, root):
        command = [sys.executable, "-I", f"{folder}/engine/verify.py", proof, "--root", root]
        return subprocess.run(command, check=False, capture_output=True).returncode

    def test_another_members_share_is_not_found(self):
        share = self._publish()
        self._sign_in(self.neighbour)
        missing = share.id + 10_000
        own = f"/my/membership/{self.second.id}"
        for page in (self._url("/surplus"), self._url("/business"), self._url(f"/surplus/{share.id}")):
            self.assertEqual(self._get(page).status_code, 404, page)
        self.assertEqual(self._refuse(f"{own}/surplus/{share.id}"), self._refuse(f"{own}/surplus/{missing}"))
        self.assertEqual(
            self._refuse(f"/kmp_shu/proof/{share.id}"), self._refuse(f"/kmp_shu/proof/{missing}")
        )
        self.assertEqual(self._get(f"/kmp_shu/proof/{share.id}").status_code, 404)
        leaf = json.loads(self._get(self._own_proof(self.second)).content)["leaf"]
        self.assertIn("A-2", leaf)
        self.assertNotIn("A-1", leaf)

    def _own_proof(self, member):
        share = self.run.share_ids.filtered(lambda share: share.membership_id == member)
        return f"/kmp_shu/proof/{share.id}"

    def test_paid_share(self):
        share = self._publish()
        wizard = self.env["kmp.shu.payout.wizard"].with_user(self.accountant)
        wizard.create({"run_id": self.run.id, "method": "cash", "date": "2026-04-01"}).action_prepare()
        payout = self.env["kmp.shu.payout"].search([("run_id", "=", self.run.id)])
        payout.journal_id = self.cash_journal
        payout.with_user(self.officer).action_confirm()
        payout.with_user(self.officer).action_settle_all()
        payout.with_user(self.accountant).action_post()
        self._sign_in(self.user)
        text = self._read(self._url(f"/surplus/{share.id}"))
        self.assertRegex(text, r"Paid Rp.380\.00 Still to be paid Rp.0\.00 Payments 04/01/2026")

    def test_business_of_the_year(self):
        self._sign_in(self.user)
        text = self._read(self._url("/business?year=2025"))
        self.assertRegex(text, r"SHOP.* 300 1 lines")
        self.assertRegex(self._read(self._url("/business")), r" 0 0 lines")
        for year in ("1066", "x", "99999999999"):
            self.assertRegex(self._read(self._url(f"/business?year={year}")), r" 0 0 lines")

    def test_documents_behind_the_business(self):
        self._import(
            self.basis, "member,date,value,document\nA-1,2025-06-05,40.5,INV-1\nA-2,2025-06-05,77,INV-2\n"
        )
        self._sign_in(self.user)
        text = self._read(self._url(f"/business/{self.basis.id}?year=2025"))
        self.assertRegex(
            text, r"340\.5 Date Document Product Value Counts 06/05/2025 INV-1 40\.5 40\.5 05/05/2025 300 300"
        )
        self.assertNotIn("INV-2", text)
        self.assertEqual(self._get(self._url(f"/business/{self.basis.id + 1000}")).status_code, 404)

    def test_basis_of_another_company_is_not_found(self):
        basis = self.basis.copy({"company_id": self.other_company.id})
        self._sign_in(self.user)
        self.assertEqual(self._get(self._url(f"/business/{basis.id}")).status_code, 404)

    def test_number_of_queries_does_not_grow_with_the_members(self):
        membership = self.env["kmp.membership"].with_user(self.user)._get_own(self.first.id)

        def measure():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            membership._prepare_portal_shares()
            membership._prepare_portal_business(*membership._get_business_year(2025))
            return self.env.cr.sql_log_count - start

        self._publish()
        measure()
        before = measure()
        rows = "".join(f"A-{number},2025-06-05,5\n" for number in range(10, 40))
        for number in range(10, 40):
            self._create_member(f"A-{number}", "K")
        self._import(self.basis, f"member,date,value\nA-1,2025-07-05,3\n{rows}")
        measure()
        self.assertEqual(measure(), before)
