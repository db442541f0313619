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
GOOD = (
    HEADING
    + "A-1,Budi,PRD,2024-01-31,3201012345678901,,100000,25000.5\nA-2,KUD Maju,CNS,2024-02-01,,cooperative,,\n"
)


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

    def test_import_of_a_member_is_not_written_by_hand(self):
        wizard = self._open(GOOD)
        wizard.action_check()
        member = self._create_member("Siti")
        with self.assertRaisesRegex(UserError, "written by the import alone"):
            member.with_user(self.officer).import_id = wizard
        self.assertFalse(member.import_id)

    def test_dry_run_then_import(self):
        wizard = self._open(GOOD)
        wizard.action_check()
        self.assertRecordValues(
            wizard, [{"state": "checked", "member_count": 2, "capital_total": 125000.5, "problem_count": 0}]
        )
        self.assertFalse(self._members())
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertRecordValues(
            self._members(),
            [
                {
                    "number": "A-1",
                    "state": "active",
                    "class_id": self.producers.id,
                    "date_start": date(2024, 1, 31),
                    "member_kind": "person",
                },
                {
                    "number": "A-2",
                    "state": "active",
                    "class_id": self.consumers.id,
                    "date_start": date(2024, 2, 1),
                    "member_kind": "cooperative",
                },
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
        balance = (
            self.env["account.move.line"].search([("account_id", "=", self.opening.id)]).mapped("balance")
        )
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
        wizard = self._open(GOOD, account_id=self.pokok_account.id)
        wizard.action_check()
        self.assertIn("is the account of a share type", wizard.problems)
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
        sheet.append(
            [7, "Budi", "PRD", date(2024, 1, 31), None, 3201012345678901]
            + [None] * (len(heading) - 9)
            + [100000, None, 0]
        )
        buffer = io.BytesIO()
        book.save(buffer)
        wizard = self._open(buffer.getvalue(), "members.xlsx")
        wizard.action_check()
        self.assertFalse(wizard.problems)
        self.assertIn("came as a number", wizard.warnings)
        wizard.action_import()
        self.assertRecordValues(
            self._members(), [{"number": "7", "national_id": "3201012345678901", "paid_in_capital": 100000}]
        )

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

    def test_another_company(self):
        for action in ("action_check", "action_import"):
            wizard = self._open(GOOD)
            wizard.sudo().write(
                {"company_id": self.other_company.id, "account_id": False, "journal_id": False}
            )
            with self.assertRaisesRegex(AccessError, "Koperasi Lain"):
                getattr(wizard, action)()

    def test_person_and_former_member(self):
        heading = "number,name,class,date_start,birth_place,birth_date,sex,occupation,date_end,left_reason,street,city,phone,SP\n"
        wizard = self._open(
            heading
            + "A-1,Budi,PRD,2024-01-31,Garut,1980-02-03,L,Petani,,,Jl. Mawar 1,Garut,0812,5\n"
            + "A-2,Siti,CNS,2024-02-01,,,female,,2024-06-30,deceased,,,,7.5\n"
        )
        wizard.action_check()
        self.assertFalse(wizard.problems)
        self.assertIn("PRD: members 1, former 0", wizard.totals)
        self.assertIn("CNS: members 0, former 1", wizard.totals)
        self.assertIn("12.5", wizard.totals)
        wizard.action_import()
        self.assertRecordValues(
            self._members(),
            [
                {
                    "birth_place": "Garut",
                    "birth_date": date(1980, 2, 3),
                    "sex": "male",
                    "occupation": "Petani",
                    "state": "active",
                },
                {
                    "birth_place": False,
                    "birth_date": False,
                    "sex": "female",
                    "occupation": False,
                    "state": "left",
                },
            ],
        )
        former = self._members()[1]
        self.assertRecordValues(
            former,
            [{"date_end": date(2024, 6, 30), "left_reason": "deceased", "class_id": self.consumers.id}],
        )
        self.assertEqual(former.period_ids.date_to, date(2024, 6, 30))
        self.assertEqual(self._members()[0].partner_id.street, "Jl. Mawar 1")
        self.assertEqual(self._ledger_balance(self.pokok_account, former.partner_id), 7.5)

    def test_doubtful_persons_and_amounts_are_listed(self):
        self._create_member("Ani", "Z-1").partner_id.write(
            {"email": "Ani@example.com", "phone": "+62 812-345"}
        )
        heading = "number,name,class,date_start,birth_date,sex,date_end,left_reason,email,phone,SP\n"
        wizard = self._open(
            heading
            + "A-1,A,PRD,2024-01-31,2024-02-01,X,,resigned,,,0.001\n"
            + "A-2,B,PRD,2024-01-31,,,2024-01-30,,,,1000000000000000\n"
            + "A-3,C,PRD,2999-01-01,,,2024-05-01,moved,,,1.5e3\n"
        )
        wizard.action_check()
        expected = (
            "Line 2, birth_date: 2024-02-01 lies after the membership began",
            "Line 2, sex: X is not one of male, female, L, P",
            "Line 2, left_reason: resigned needs the day in date_end",
            "Line 2, SP: 0.001 has more decimals than the currency",
            "Line 3, date_end: 2024-01-30 lies before the membership began",
            "Line 3, SP: 1000000000000000 has more than 15 digits",
            "Line 4, date_start: 2999-01-01 lies in the future",
            "Line 4, left_reason: moved is not one of resigned, expelled, deceased",
        )
        for text in expected:
            self.assertIn(text, wizard.problems)
        self.assertIn("date_end: 2024-01-30 needs a reason", wizard.problems)

    def test_warnings_do_not_stop_the_import(self):
        self._create_member("Ani", "Z-1").partner_id.write(
            {"email": "Ani@example.com", "phone": "+62 812-345"}
        )
        heading = "number,name,class,date_start,email,phone\n"
        wizard = self._open(
            heading
            + "A-1,Budi,PRD,2024-01-31,ani@EXAMPLE.com,\nA-2,Siti,PRD,2024-01-31,s@x.id,0812345\nA-3,S,PRD,2024-01-31,s@x.id,\n"
        )
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.problem_count, wizard.warning_count), ("checked", 0, 3))
        self.assertIn("Line 2, email: ani@EXAMPLE.com (Z-1 Ani) may be the same person", wizard.warnings)
        self.assertIn("Line 3, phone: 0812345 (Z-1 Ani) may be", wizard.warnings)
        self.assertIn("Line 4, email: s@x.id (3) may be", wizard.warnings)
        wizard.action_import()
        self.assertEqual(len(self._members()), 4)

    def test_remarks_to_take_away(self):
        wizard = self._open(HEADING + "=1+1,Budi,=cmd|'/C calc'!A0,2024-01-31,,,,\n")
        wizard.action_check()
        sheet = openpyxl.load_workbook(io.BytesIO(base64.b64decode(wizard.report))).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[0], ("Kind", "Remark"))
        self.assertEqual(rows[1], ("Problem", "Line 2, class: =cmd|'/C calc'!A0 is not the code of a class"))
        self.assertEqual({cell.data_type for row in sheet.iter_rows() for cell in row}, {"s"})

    def test_an_empty_file(self):
        wizard = self._open(HEADING)
        wizard.action_check()
        self.assertIn("holds no member", wizard.problems)

    def test_csv_template_comes_back_filled(self):
        wizard = self._open(b"")
        template = base64.b64decode(wizard.csv_template).decode("utf-8-sig")
        self.assertIn("national_id,birth_place", template)
        self.assertTrue(template.endswith("SP,SS,SW\r\n"))
        values = {"number": "7", "name": "Budi", "class": "PRD", "date_start": "2024-01-31", "SP": "10"}
        row = ",".join(values.get(column, "") for column in template.strip().split(","))
        wizard = self._open(template + row)
        wizard.action_check()
        self.assertFalse(wizard.problems)

    def test_many_problems(self):
        wizard = self._open(HEADING + "".join(f"A-{place},,PRD,2024-01-31,,,,\n" for place in range(501)))
        wizard.action_check()
        self.assertEqual(wizard.problem_count, 501)
        self.assertIn("and 1 more", wizard.problems)
