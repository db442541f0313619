import contextlib
import io
import tempfile
from pathlib import Path
from types import SimpleNamespace

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..cli.kmp_import import KmpImport, _explain
from .common import CooperativeCase


@tagged("post_install", "-at_install")
class TestKmpImport(CooperativeCase):
    """The command `odoo kmp_import`, but for the commit at its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_class("K")
        cls._create_member("A-1", "K")
        cls.basis = cls._create_basis("SHOP")

    def run_command(self, text, **arguments):
        """What the command prints."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "year.csv")
            path.write_text(text, encoding="utf-8")
            given = {
                "basis": ["SHOP"],
                "company": self.company.id,
                "user": self.accountant.login,
                "file": path,
            }
            with contextlib.redirect_stdout(io.StringIO()) as output:
                KmpImport()._import(self.env.cr, SimpleNamespace(**given | arguments))
        return output.getvalue()

    def test_it_prints_control_totals(self):
        printed = self.run_command("member,date,value\nA-1,2025-01-31,1500000.50\nA-1,2025-02-01,1\n")
        self.assertRegex(printed, r"rows +2\n")
        self.assertRegex(printed, r"members +1\n")
        self.assertRegex(printed, r"value +1,500,001\.50\n")
        self.assertEqual(self.basis.import_ids.create_uid, self.accountant)

    def test_it_explains_the_rows_that_it_refuses(self):
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            self.run_command("member,date,value\nNOBODY,2025-01-31,1\n")
        explained = _explain(refused.exception)
        self.assertIn("row 2: member 'NOBODY' is unknown", explained)
        self.assertIn("nothing imported", explained)
        self.assertFalse(self.basis.import_ids)

    def test_what_is_unknown_or_not_allowed_is_refused(self):
        text = "member,date,value\nA-1,2025-01-31,1\n"
        for arguments, error in (
            ({"basis": ["NONE"]}, "no patronage basis NONE"),
            ({"user": "nobody"}, "no user nobody"),
            ({"company": 0x7FFFFFFF}, "has no company"),
        ):
            with self.assertRaisesRegex(UserError, error):
                self.run_command(text, **arguments)
        other = self._create_company("Another")
        with self.assertRaisesRegex(UserError, "has no company"):
            self.run_command(text, company=other.id)
        with self.assertRaises(AccessError):
            self.run_command(text, user=self.auditor.login)
