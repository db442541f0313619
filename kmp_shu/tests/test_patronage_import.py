import base64
import io

import pyarrow
import pyarrow.parquet

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.patronage_import import RejectedRowsError
from .common import CooperativeCase

GOOD = "member,date,value,quantity\nA-1,2025-01-31,1500000.50,2\nA-2,2025-12-31,0,1\n"


@tagged("post_install", "-at_install")
class TestPatronageImport(CooperativeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_class("K")
        cls.first = cls._create_member("A-1", "K")
        cls.second = cls._create_member("A-2", "K")
        cls.basis = cls._create_basis("SHOP")

    def rejected(self, text):
        """The rows that are refused, after a look that nothing is left behind."""
        with self.assertRaises(RejectedRowsError) as refused, self.env.cr.savepoint():
            self._import(self.basis, text)
        self.assertFalse(self.env["kmp.patronage.import"].search([("company_id", "=", self.company.id)]))
        self.assertFalse(self.env["kmp.patronage.entry"].search([("membership_id", "=", self.first.id)]))
        return refused.exception.rows

    def assert_refused(self, text, pattern, **kwargs):
        with self.assertRaisesRegex(UserError, pattern), self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            self._import(self.basis, text, **kwargs)

    def test_rows_become_entries_with_totals(self):
        batch = self._import(self.basis, GOOD)
        self.assertEqual((batch.row_count, batch.member_count), (2, 2))
        self.assertEqual((batch.value, batch.quantity), (1500000.5, 3))
        self.assertEqual(str(batch.date_from), "2025-01-31")
        entries = self.env["kmp.patronage.entry"].search([("import_id", "=", batch.id)])
        self.assertEqual(entries.mapped("row"), [2, 3])
        self.assertEqual(entries.membership_id, self.first | self.second)
        self.assertEqual(batch.create_uid, self.accountant)

    def test_the_same_file_twice_is_refused(self):
        self._import(self.basis, GOOD, name="january.csv")
        self.assert_refused(GOOD, "january.csv", name="renamed.csv")

    def test_every_wrong_row_is_listed_with_its_reason(self):
        rows = self.rejected(
            "member,date,value,quantity\n"
            "A-1,2025-01-31,5,1\n"
            "NOBODY,2025-01-31,5,1\n"
            "A-1,31/01/2025,5,1\n"
            "A-1,2025-02-30,-5,1\n"
            "A-1,2025-01-31,abc,1\n"
            "A-1,2025-01-31,5,\n"
            ",2025-01-31,5,1\n"
        )
        self.assertEqual([row for row, _reason in rows], [3, 4, 5, 6, 7, 8])
        reasons = dict(rows)
        self.assertIn("member 'NOBODY' is unknown", reasons[3])
        self.assertIn("31/01/2025", reasons[4])
        self.assertIn("2025-02-30", reasons[5])
        self.assertIn("value '-5'", reasons[5])
        self.assertIn("value 'abc'", reasons[6])
        self.assertIn("quantity (empty)", reasons[7])
        self.assertIn("member (empty)", reasons[8])

    def test_numbers_that_postgresql_would_take_but_a_human_did_not_mean(self):
        numbers = ("NaN", "Infinity", "1e5", "1_000", "0x10", " 5", "1.000.000", "+5", "٥", "1;DROP")
        rows = self.rejected(
            "member\tdate\tvalue\n" + "".join(f"A-1\t2025-01-31\t{text}\n" for text in numbers)
        )
        self.assertEqual(len(rows), len(numbers))

    def test_a_semicolon_a_mark_and_quotes_are_read(self):
        text = b'\xef\xbb\xbfmember;date;value;document\r\n"A-1";2025-01-31;5;"Bon; ""7"""\r\n'
        batch = self._import(self.basis, text)
        entry = self.env["kmp.patronage.entry"].search([("import_id", "=", batch.id)])
        self.assertEqual((entry.document, entry.value), ('Bon; "7"', 5))

    def test_files_that_are_no_table_are_refused(self):
        self.assert_refused("", "lacks the columns member, date")
        self.assert_refused("member,date\nA-1,2025-01-31\n", "lacks a measure")
        self.assert_refused("member,date,value,price\n", "unknown columns price")
        self.assert_refused("member,date,value,value\n", "stands twice")
        self.assert_refused("member,date,value\n", "no rows")
        self.assert_refused("member,date,value\nA-1,2025-01-31\n", "line 2")
        self.assert_refused("member,date,value\nA-1,2025-01-31,5,6\n", "line 2")
        self.assert_refused(b"member,date,value\nA-\xff,2025-01-31,5\n", "UTF-8")
        self.assert_refused(b"\xff\xfem\x00e\x00", "UTF-8")
        self.assert_refused(b"PAR1 is not Parquet", "Parquet")
        self.assert_refused(b"member,date,value\nA-\x00,2025-01-31,5\n", "read as a table")

    def test_parquet_gives_the_same_as_csv(self):
        table = pyarrow.table(
            {
                "member": ["A-1", "A-2"],
                "date": ["2025-01-31", "2025-12-31"],
                "value": ["1500000.50", "0"],
                "quantity": [2, 1],
            }
        )
        stream = io.BytesIO()
        pyarrow.parquet.write_table(table, stream)
        batch = self._import(self.basis, stream.getvalue(), name="year.parquet")
        self.assertEqual((batch.row_count, batch.value, batch.quantity), (2, 1500000.5, 3))

    def test_a_member_of_another_company_is_unknown(self):
        other = self._create_company("Another")
        partner = self.env["res.partner"].create({"name": "Stranger"})
        self.env["kmp.membership"].create(
            {"company_id": other.id, "partner_id": partner.id, "number": "X-9", "state": "active"}
        )
        self.assertEqual(len(self.rejected("member,date,value\nX-9,2025-01-31,5\n")), 1)

    def test_only_an_accountant_of_the_company_imports(self):
        other = self._create_company("Another")
        stranger = self._create_user("stranger", "kmp_shu.group_shu_accountant", other)
        for user in (self.officer, self.auditor, stranger):
            with self.assertRaises(AccessError):
                self._import(self.basis, GOOD, user=user)

    def test_deleting_an_import_deletes_its_entries_alone(self):
        kept = self._import(self.basis, GOOD)
        dropped = self._import(self.basis, GOOD.replace("2025-01-31", "2025-01-30"))
        dropped.unlink()
        entries = self.env["kmp.patronage.entry"].search([("membership_id", "=", self.first.id)])
        self.assertEqual(entries.import_id, kept)

    def test_business_of_a_distributed_year_is_neither_added_nor_deleted(self):
        batch = self._import(self.basis, GOOD)
        scheme = self._create_scheme(
            {"code": "JU", "kind": "patronage", "percent": 100, "basis_id": self.basis.id}
        )
        scheme.with_user(self.officer).action_put_into_force()
        self._earn("2025-12-31", 1000)
        run = self._create_run(scheme)
        run.action_compute()
        self._approve(run)
        with self.assertRaisesRegex(UserError, "SHU 2025"), self.env.cr.savepoint():
            batch.unlink()
        self.assert_refused(GOOD + "A-1,2025-06-30,1,1\n", "distribution is approved, SHU 2025")
        self._import(self.basis, GOOD.replace("2025", "2024"))

    def test_the_wizard_lists_the_rejected_rows_and_imports_the_mended_file(self):
        wizard = (
            self.env["kmp.patronage.import.wizard"]
            .with_user(self.accountant)
            .create(
                {
                    "basis_ids": self.basis.ids,
                    "file": base64.b64encode(b"member,date,value\nNOBODY,2025-01-31,5\n"),
                    "file_name": "year.csv",
                }
            )
        )
        self.assertEqual(wizard.action_import()["res_id"], wizard.id)
        self.assertIn("NOBODY", wizard.problems)
        self.assertIn(b"NOBODY", base64.b64decode(wizard.reject_file))
        wizard.file = base64.b64encode(GOOD.encode())
        batch = self.env["kmp.patronage.import"].browse(wizard.action_import()["res_id"])
        self.assertEqual((batch.name, batch.row_count), ("year.csv", 2))
