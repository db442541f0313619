import base64
import doctest
import io
from datetime import date
from decimal import Decimal

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_membership import import_rows

from .common import MembershipCase

HEADING = "number,name,class,date_start,national_id,member_kind,SP,SW\n"
GOOD = HEADING + "A-1,Budi,PRD,2024-01-31,3201012345678901,,100000,25000.5\nA-2,KUD Maju,CNS,2024-02-01,,cooperative,,\n"


@tagged("post_install", "-at_install")
class TestMembershipImport(MembershipCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opening = cls._create_account("390000", "Pembukaan", "equity")

    def _open(self, content, name="members.csv", user=None, **vals):
        content = content if isinstance(content, bytes) else content.encode()
        wizards = self.env["kmp.membership.import"].with_user(user or self.officer)
        return wizards.create(
            {
                "file": base64.b64encode(content),
                "file_name": name,
                "date": date(2025, 1, 1),
                "account_id": self.opening.id,
                "company_id": self.company.id,
                **vals,
            }
        )

    def _members(self):
        return self.env["kmp.membership"].search([("company_id", "=", self.company.id)])

    def test_rules_by_example(self):
        result = doctest.testmod(import_rows)
        self.assertGreater(result.attempted, 4)
        self.assertEqual(result.failed, 0)

    def test_dry_run_then_import(self):
        wizard = self._open(GOOD)
        wizard.action_check()
        self.assertRecordValues(wizard, [{"state": "checked", "member_count": 2, "capital_total": 125000.5, "problem_count": 0}])
        self.assertFalse(self._members())
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertRecordValues(
            self._members(),
            [
                {"number": "A-1", "state": "active", "class_id": self.producers.id, "date_start": date(2024, 1, 31), "member_kind": "person"},
                {"number": "A-2", "state": "active", "class_id": self.consumers.id, "date_start": date(2024, 2, 1), "member_kind": "cooperative"},
            ],
        )
        budi = self._members()[0].partner_id
        self.assertEqual(self._members()[0].national_id, "3201012345678901")
        types = self.pokok | self.wajib
        self.assertEqual(types._get_holdings(date(2024, 12, 31)), {})
        self.assertEqual(
            types._get_holdings(date(2025, 1, 1)),
            {(budi.id, self.pokok.id): Decimal(100000), (budi.id, self.wajib.id): Decimal("25000.50")},
        )
        balance = self.env["account.move.line"].search([("account_id", "=", self.opening.id)]).mapped("balance")
        self.assertEqual(balance, [125000.5])

    def test_twice_is_refused(self):
        self._open(GOOD).action_import()
        again = self._open(GOOD)
        again.action_check()
        self.assertIn("Line 2, number: A-1 is in the register already", again.problems)
        self.assertIn("Line 2, national_id: 3201012345678901 is in the register already", again.problems)
        with self.assertRaisesRegex(UserError, "Nothing has been imported"):
            again.action_import()
        self.assertEqual(len(self._members()), 2)

    def test_every_problem_is_listed_by_line_and_nothing_is_imported(self):
        rows = (
            "A-1,Budi,PRD,2024-01-31,,,1,",
            "A-1,Siti,PRD,2024-01-31,,,,",
            "A-3,,XXX,31/01/2024,123,robot,-5,abc",
            "A\\4,Wayan,PRD,,,,NaN,Infinity",
        )
        wizard = self._open(HEADING + "\n".join(rows))
        wizard.action_check()
        self.assertEqual(
            [line.split(":")[0] for line in wizard.problems.split("\n")],
            [
                "Line 3, number",
                "Line 4, name",
                "Line 4, class",
                "Line 4, date_start",
                "Line 4, national_id",
                "Line 4, member_kind",
                "Line 4, SP",
                "Line 4, SW",
                "Line 5, number",
                "Line 5, date_start",
                "Line 5, SP",
                "Line 5, SW",
            ],
        )
        self.assertIn("Line 3, number: A-1 (2) is twice in the file", wizard.problems)
        self.assertEqual((wizard.state, wizard.problem_count), ("draft", 12))
        with self.assertRaisesRegex(UserError, "Nothing has been imported"):
            wizard.action_import()
        self.assertFalse(self._members())

    def test_heading(self):
        wizard = self._open("number,name,class,colour,name\n")
        wizard.action_check()
        self.assertIn("Line 1, date_start: the column is missing", wizard.problems)
        self.assertIn("Line 1, colour: the column is neither", wizard.problems)
        self.assertIn("Line 1, name: the column appears twice", wizard.problems)

    def test_opening_capital_needs_an_account_and_an_open_day(self):
        wizard = self._open(GOOD, account_id=False)
        wizard.action_check()
        self.assertIn("choose the journal and the account", wizard.problems)
        self.company.fiscalyear_lock_date = date(2025, 1, 1)
        wizard = self._open(GOOD)
        wizard.action_check()
        self.assertIn("locked period", wizard.problems)
        with self.assertRaises(UserError):
            wizard.action_import()

    def test_template_comes_back_filled(self):
        wizard = self._open(b"")
        self.assertIn("/template/members.xlsx", wizard.action_download_template()["url"])
        book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.template)))
        sheet = book["members"]
        heading = [cell.value for cell in sheet[1]]
        self.assertEqual(heading[:4], ["number", "name", "class", "date_start"])
        self.assertEqual(heading[-3:], ["SP", "SS", "SW"])
        sheet.append([7, "Budi", "PRD", date(2024, 1, 31), None, 3201012345678901] + [None] * 4 + [100000, None, 0])
        buffer = io.BytesIO()
        book.save(buffer)
        wizard = self._open(buffer.getvalue(), "members.xlsx")
        wizard.action_check()
        self.assertFalse(wizard.problems)
        wizard.action_import()
        self.assertRecordValues(self._members(), [{"number": "7", "national_id": "3201012345678901", "paid_in_capital": 100000}])

    def test_a_file_that_is_none(self):
        for name in ("members.xlsx", "members.csv"):
            with self.assertRaisesRegex(UserError, "cannot be read"):
                self._open(b"\xff\xfe\x00rubbish", name).action_check()
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self._open(b"").action_check()

    def test_rights(self):
        for user in (self.clerk, self.supervisor, self.auditor):
            with self.assertRaises(AccessError):
                self._open(GOOD, user=user)
