import io
import json
import zipfile

from odoo.tests import HttpCase, tagged

from ..engine import proof
from .test_shu_run import ShuRunCase


@tagged("post_install", "-at_install")
class TestBundleDownload(ShuRunCase, HttpCase):
    """The routes of the audit bundle and of a member's proof, as the browser calls them."""

    def setUp(self):
        super().setUp()
        self.run = self.compute()
        self._approve(self.run)
        self.env.flush_all()

    def get(self, user, url):
        self.authenticate(user.login, user.login)
        return self.url_open(url)

    def test_the_auditor_takes_the_bundle_home(self):
        response = self.get(self.auditor, f"/kmp_shu/bundle/{self.run.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn(f"SHU-2025-{self.run.hash_short}.zip", response.headers["Content-Disposition"])
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            self.assertEqual(archive.read("inputs.txt"), self.run._get_canonical_bytes())

    def test_the_auditor_hands_out_a_proof(self):
        share = self.run.share_ids[0]
        response = self.get(self.auditor, f"/kmp_shu/proof/{share.id}")
        checks = list(proof.verify(json.loads(response.content), self.run.proof_root))
        self.assertEqual(checks[0], ("member", share.number))

    def test_of_another_company_nothing_is_there(self):
        for user in (self.other_officer, self.outsider):
            for url in (f"/kmp_shu/bundle/{self.run.id}", f"/kmp_shu/proof/{self.run.share_ids[0].id}"):
                self.assertIn(self.get(user, url).status_code, (403, 404))

    def test_without_login_nothing_is_there(self):
        response = self.url_open(f"/kmp_shu/bundle/{self.run.id}")
        self.assertIn("/web/login", response.url)
