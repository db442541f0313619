import base64
import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase

from ..simkopdes import FIELDS

GOLDEN = Path(__file__).parent / "golden" / "simkopdes.json"
EXPORT = "odoo.addons.kmp_registry.wizard.simkopdes_export"
FORMULA = "=cmd|' /C calc'!A0"
REGION = "32.04.05.2001"


@tagged("post_install", "-at_install")
class TestSimkopdes(ContributionCase):
    """Two members with all their data, one with a name like a formula; dues of two months, a deposit, a loan of LPDB, a meeting on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.treasurer = cls._create_user("treasurer", "kmp_shu.group_shu_accountant")
        cls.ani = cls._create_complete("Ani Rahayu", "A-1", "3204054101900001", "female", "Petani")
        cls.budi = cls._create_complete(FORMULA, "A-2", "3204050101850002", "male", "@pedagang")
        firm = cls.env["res.partner"].create({"name": "PT Mitra", "is_company": True})
        cls._create_member("PT Mitra", "A-3", partner=firm)
        cls._create_member("Lama", "A-0", state="left", date_end=date(2024, 12, 31))
        cls._pay_dues()
        loans = cls._create_account("270001", "Pinjaman LPDB", "liability_non_current")
        cls.loan = cls.env["kmp.funding"].create(
            {
                "name": "LPDB/07/2025",
                "company_id": cls.company.id,
                "capital_type": "loan",
                "source_type": "lpdb",
                "source_name": "LPDB KUMKM",
                "amount": 250_000_000,
                "date_received": "2025-03-01",
                "account_id": loans.id,
            }
        )

    @classmethod
    def _create_complete(cls, name, number, national_id, sex, occupation):
        member = cls._create_member(name, number)
        member.write({"national_id": national_id, "sex": sex, "occupation": occupation})
        member.partner_id.kmp_region_code = REGION
        return member

    @classmethod
    def _pay_dues(cls):
        """Of the first two members January is paid and half paid; February is not. Ani pays 100,000 in at the counter."""
        runs = cls._bill(1), cls._bill(2)
        firm = runs[0].line_ids.membership_id.filtered(lambda member: member.number == "A-3")
        (runs[0] | runs[1]).line_ids.filtered(lambda line: line.membership_id == firm).with_user(
            cls.officer
        )._cancel(date(2025, 2, 20), "Pays in another way")
        for member, amount in ((cls.ani, 50_000), (cls.budi, 20_000)):
            lines = runs[0].line_ids.filtered(lambda line, member=member: line.membership_id == member)
            cls._match(cls._pay(member, amount), lines)
        cls._create_deposit(cls.ani, 100_000, day=date(2025, 6, 5)).with_user(cls.officer).action_post()
        cls._create_deposit(cls.ani, 7_000, day=date(2026, 1, 5)).with_user(cls.officer).action_post()

    def _export(self, user=None, **vals):
        user = user or self.officer
        exports = self.env["kmp.simkopdes.export"].with_user(user)
        exports = exports.with_context(allowed_company_ids=user.company_id.ids)
        meeting = {
            "meeting_order": 7,
            "meeting_date": "2026-03-14",
            "meeting_participants": 2,
            "meeting_state": "held",
        }
        return exports.create({"company_id": self.company.id, "date_to": "2025-12-31", **meeting, **vals})

    def _download(self, export):
        action = export.action_export()
        self.assertEqual(action["type"], "ir.actions.act_url", export.problem_ids.mapped("problem"))
        return base64.b64decode(export.file)

    def test_the_file_is_the_golden_one(self):
        self.assertEqual(self._download(self._export()).decode(), GOLDEN.read_text())

    def test_the_same_year_gives_the_same_bytes(self):
        for file_format in ("json", "csv"):
            first, second = (self._download(self._export(file_format=file_format)) for _time in range(2))
            self.assertEqual(first, second)

    def test_csv_has_the_same_rows_and_no_formula(self):
        archive = zipfile.ZipFile(io.BytesIO(self._download(self._export(file_format="csv"))))
        golden = json.loads(GOLDEN.read_text())
        self.assertEqual(archive.namelist(), [f"{part}.csv" for part in FIELDS])
        for part, names in FIELDS.items():
            rows = list(csv.DictReader(io.StringIO(archive.read(f"{part}.csv").decode())))
            self.assertEqual(tuple(rows[0]), names)
            expected = [
                {name: "" if value is None else str(value) for name, value in row.items()}
                for row in golden[part]
            ]
            for row in expected:
                row.update({name: f"'{value}" for name, value in row.items() if value[:1] in ("=", "@")})
            self.assertEqual(rows, expected)

    def test_every_record_that_lacks_something_is_listed_and_no_file_made(self):
        self.ani.national_id = False
        self.ani.sex = False
        self.budi.partner_id.kmp_region_code = False
        export = self._export(meeting_date=False, meeting_participants=0)
        action = export.action_export()
        self.assertEqual(
            (action["res_model"], action["res_id"], export.file), (export._name, export.id, False)
        )
        self.assertEqual(export.problem_count, 3)
        self.assertEqual(
            [(problem.part, problem.name, problem.problem) for problem in export.problem_ids],
            [
                ("anggota", "A-1 Ani Rahayu", "Missing: national id (NIK), sex"),
                ("anggota", f"A-2 {FORMULA}", "Missing: region code of the address"),
                ("rat", "RAT 2025", "Missing: date of the meeting, number of participants"),
            ],
        )
        self.assertEqual(
            self.env["kmp.membership"].search(export.action_open_members()["domain"]), self.ani | self.budi
        )
        self.assertEqual(export.problem_ids[0].action_open()["res_id"], self.ani.id)

    def test_a_long_list_is_cut_and_its_length_said(self):
        self.ani.national_id = self.budi.national_id = False
        with patch(f"{EXPORT}.PROBLEMS_LIMIT", 1):
            export = self._export()
            export.action_check()
        self.assertEqual((len(export.problem_ids), export.problem_count), (1, 2))

    def test_a_national_id_of_another_form_is_named(self):
        self.env.cr.execute("UPDATE kmp_membership SET national_id = '123' WHERE id = %s", [self.ani.id])
        self.env.invalidate_all()
        export = self._export()
        export.action_check()
        self.assertEqual(export.problem_ids.problem, "Missing: national id (NIK) of 16 digits")

    def test_a_planned_meeting_has_no_participants_yet(self):
        export = self._export(meeting_state="planned", meeting_participants=0)
        [row] = json.loads(self._download(export))["rat"]
        self.assertEqual((row["jumlah_peserta_rat"], row["status_rat"]), (None, "direncanakan"))

    def test_the_meeting_of_the_year_is_proposed(self):
        meeting = self.env["kmp.meeting"].create({"name": "RAT 2025", "date": "2026-03-20 03:00:00"})
        export = self.env["kmp.simkopdes.export"].with_user(self.officer).create({"date_to": "2025-12-31"})
        self.assertEqual((export.meeting_id, export.meeting_order), (meeting, 1))
        self.assertEqual((export.meeting_date, export.meeting_state), (date(2026, 3, 20), "planned"))

    def test_national_ids_are_for_officers(self):
        for user in (self.treasurer, self.auditor):
            with self.assertRaises(AccessError):
                self._export(user, has_members=True)
            export = self._export(user)
            self.assertEqual(list(json.loads(self._download(export))), ["simpanan", "modal", "rat"])
            self.assertNotIn(b"3204054101900001", base64.b64decode(export.file))
            with self.assertRaises(AccessError):
                export.action_open_members()
        for user in (self.clerk, self.supervisor, self.outsider):
            with self.assertRaises(AccessError):
                self._export(user)

    def test_of_another_company_nothing_leaves(self):
        export = self._export(self.other_officer, company_id=self.other_company.id)
        self.assertEqual(json.loads(self._download(export))["anggota"], [])
        with self.assertRaises(AccessError):
            export.company_id = self.company
            export.action_export()
        with self.assertRaises(AccessError):
            self._export(self.other_officer).action_check()

    def test_nothing_chosen_is_refused(self):
        parts = dict.fromkeys(("has_members", "has_shares", "has_capital", "has_meeting"), False)
        with self.assertRaisesRegex(UserError, "at least one part"):
            self._export(**parts).action_export()

    def test_a_region_code_has_its_form(self):
        for code in ("3204", "32.04.05.20011", "desa"):
            with self.assertRaisesRegex(ValidationError, "another form"):
                self.ani.partner_id.kmp_region_code = code
        self.ani.with_user(self.officer).region_code = "3204052001"
        self.assertEqual(json.loads(self._download(self._export()))["anggota"][0]["kode_wilayah"], REGION)
