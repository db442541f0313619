from datetime import date
from decimal import Decimal

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase

from ..report.shu_check import OK
from ..report.statutory_pages import PORTRAIT, SHORT, paginate
from ..report.statutory_parts import AMOUNT, Column, Row, Table
from .common import FORMULA, LONG, RIGHT_TO_LEFT
from .small_years import RICE, WORKERS
from .statutory_common import YEAR, StatutoryCase

KEYS = {
    "arrears", "attendance", "calk", "cash_flow", "equity", "funding", "funds", "lpea", "minutes", "officers", "plan", "position",
    "result", "result_plain", "supervisors",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestStatutory(StatutoryCase):
    """The shop, whose year is computed in small_years.py."""

    def test_the_notes_say_what_was_computed_by_hand(self):
        notes = self._get_notes(self._get("calk"))
        self.assertEqual(notes.pop("Umum").rows[-1].cells[-2:], (2, 2))
        totals = {
            title: self._in_thousands(table.rows[-1].cells)
            for title, table in notes.items()
            if table.rows and table.rows[-1].kind == "total" and self._in_thousands(table.rows[-1].cells)
        }
        self.assertEqual(
            totals,
            {
                "Kas dan setara kas": (1900 + 2020, 4500 + 3700),
                "Piutang": (7000, 3000),
                "Persediaan dan aset lancar lain": (6600, 3800),
                "Aset tetap": (3600, 0, -400, 3200),
                "Utang usaha": (5000, 4000),
                "Liabilitas jangka pendek lain, simpanan, dan dana": (660, 0),
                "Liabilitas jangka panjang": (8000, 10000),
                "Ekuitas": (7060, 4600),
                "Pendapatan": (12550, 7000),
                "Beban pokok": (9200, 5200),
                "Beban": (1590, 1200),
            },
        )

    def test_the_results_that_are_not_distributed_belong_to_equity(self):
        rows = self._get_rows(self._get_notes(self._get("calk"))["Ekuitas"])
        self.assertEqual(rows["SHU tahun-tahun lalu yang belum dibagi"], (0, 0))
        self.assertEqual(rows["SHU tahun berjalan"], (1760, 600))

    def test_every_account_stands_in_a_note(self):
        self.assertEqual({check.status for check in self._get("calk").checks}, {OK})

    def test_a_note_that_is_missing_is_shown_with_its_amount(self):
        texts = self.env["kmp.report.text"].with_user(self.officer)
        texts._prepare_year(self.company, YEAR[1], "calk")
        texts._get_texts(self.company, YEAR[1], "calk").filtered(
            lambda text: text.table == "current"
        ).unlink()
        differences = {check.name: check.difference for check in self._get("calk").checks}
        self.assertEqual(differences.pop("Aset: catatan = buku besar"), -6_600_000)
        self.assertEqual(set(differences.values()), {0})

    def test_texts_are_filled_from_the_books(self):
        texts = self._get_texts(self._get("officers"))
        self.assertIn("Rp1.760.000,00 (naik 193,3%; tahun sebelumnya Rp600.000,00)", texts["Hasil usaha"])
        self.assertIn("Rp20.720.000,00", texts["Bidang permodalan"])
        self.assertIn("di antaranya Rp5.000.000,00 dari anggota", texts["Bidang usaha"])

    def test_an_unknown_placeholder_is_named_and_stays(self):
        texts = self.env["kmp.report.text"].with_user(self.officer)
        texts._prepare_year(self.company, YEAR[1], "supervisors")
        texts._get_texts(self.company, YEAR[1], "supervisors")[0].body = "<p>{shoe} &lt;b&gt; {koperasi}</p>"
        self.company.name = "Koperasi <b>Tani</b>"
        document = self._get("supervisors")
        self.assertIn(
            "{shoe} &lt;b&gt; Koperasi &lt;b&gt;Tani&lt;/b&gt;",
            next(iter(self._get_texts(document).values())),
        )
        self.assertIn("Dasar dan lingkup pengawasan: isian {shoe} tidak dikenal.", document.notices)

    def test_a_year_begins_with_the_texts_of_the_last(self):
        texts = self.env["kmp.report.text"].with_user(self.officer)
        texts._prepare_year(self.company, date(2024, 12, 31), "plan")
        texts._get_texts(self.company, date(2024, 12, 31), "plan")[0].body = "<p>Gudang baru</p>"
        texts._prepare_year(self.company, YEAR[1], "plan")
        texts._prepare_year(self.company, YEAR[1], "plan")
        own = texts._get_texts(self.company, YEAR[1], "plan")
        self.assertEqual((len(own), own[0].body), (3, "<p>Gudang baru</p>"))

    def test_defaults_are_nobodys_to_change_and_supervisors_write_their_report_alone(self):
        texts = self.env["kmp.report.text"]
        default = texts.search([("company_id", "=", False)], limit=1)
        with self.assertRaises(AccessError):
            default.with_user(self.officer).name = "x"
        texts.with_user(self.supervisor)._prepare_year(self.company, YEAR[1], "supervisors")
        with self.assertRaises(AccessError):
            texts.with_user(self.supervisor)._prepare_year(self.company, YEAR[1], "officers")
        with self.assertRaises(AccessError):
            texts.with_user(self.auditor)._prepare_year(self.company, YEAR[1], "calk")

    # Economic benefit

    def _compare(self, **vals):
        vals = {"company_id": self.company.id, "date_to": YEAR[1], "name": "Beras", "difference": 10} | vals
        return self.env["kmp.market.comparison"].with_user(self.officer).create(vals)

    def test_the_benefit_of_buying_together(self):
        basis = self.env["kmp.patronage.basis"].search([("company_id", "=", self.company.id)])
        self._compare(basis_id=basis.id)
        self._compare(basis_id=basis.id, difference=5, date_to="2024-12-31")
        rows = {row.cells[0]: row.cells[1:] for row in self._get("lpea").parts[0].rows}
        self.assertEqual(rows["Beras"], ("Rp5.000.000,00", "10% dari nilai", 500_000, 150_000))
        self.assertEqual(rows["JUMLAH PROMOSI EKONOMI ANGGOTA"][2:], (500_000, 150_000))

    def test_the_benefit_of_savings_is_that_of_the_days(self):
        saving = self._compare(
            section="saving", account_ids=[Command.set(self.sukarela_account.ids)], difference=2
        )
        # 500,000 from December 1: 31 of 365 days
        self.assertEqual(saving._get_benefit(), (Decimal("42465.75"), Decimal("849.32")))

    def test_a_comparison_names_what_it_reads(self):
        for section in ("purchase", "loan"):
            with self.assertRaises(ValidationError):
                self._compare(section=section)

    def test_without_comparison_and_distribution_it_says_so(self):
        document = self._get("lpea")
        self.assertIn("SHU tahun buku ini belum dibagi.", document.notices)
        self.assertTrue(any("Belum ada pembanding harga pasar" in notice for notice in document.notices))

    # Funds, grants and loans

    def test_what_became_of_the_funds(self):
        document = self._get("funds")
        rows = self._get_rows(document.parts[0])
        self.assertEqual(rows["302000 reserve"], (0, 0, 300, 0, 300))
        self.assertEqual(rows["205000 education"], (0, 0, 60, -40, 20))
        self.assertEqual([check.status for check in document.checks], [OK])
        [education] = [part for part in document.parts if part.title == "Mutasi 205000 education"]
        self.assertEqual([row.cells[3] for row in education.rows], [60_000, -40_000, 20_000])

    def _receive(self, name="1/HIBAH/2025", **vals):
        vals = {
            "name": name,
            "company_id": self.company.id,
            "source_type": "government",
            "source_name": "Dinas Koperasi",
            "amount": 1_000_000,
            "date_received": "2025-02-01",
            "account_id": self.accounts["grant"].id,
            "use_account_ids": [Command.set(self.accounts["equipment"].ids)],
        } | vals
        return self.env["kmp.funding"].with_user(self.officer).create(vals)

    def _spend(self):
        analytic = self.env["account.analytic.account"].create(
            {"name": "Hibah", "plan_id": self.env["account.analytic.plan"].create({"name": "Hibah"}).id}
        )
        self._post("2025-02-01", ("cash", 1_000_000, None), ("grant", -1_000_000, None))
        self._post("2025-03-01", ("equipment", 300_000, None), ("cash", -300_000, None))
        wages = self._post("2025-04-01", ("wages", 200_000, None), ("cash", -200_000, None))
        wages.line_ids[0].analytic_distribution = {str(analytic.id): 40}
        return analytic

    def test_what_a_grant_was_spent_on(self):
        funding = self._receive(analytic_account_id=self._spend().id)
        document = self._get("funding")
        self.assertEqual(self._get_rows(document.parts[0])["Jumlah"], (1000, 0, 1000, 0, 1000))
        self.assertEqual(
            self._get_rows(document.parts[1]),
            {
                "Diterima seluruhnya": (1000,),
                "Digunakan sebelum tahun buku": (0,),
                "123000 equipment": (-300,),
                "501000 wages": (-80,),
                "Belum digunakan": (620,),
            },
        )
        self.assertEqual([check.status for check in document.checks], [OK])
        self.assertEqual(funding.with_user(self.auditor).amount_used, 380_000)

    def test_agreements_on_one_account_are_told_apart_by_the_contact(self):
        self._receive()
        with self.assertRaises(ValidationError):
            self._receive("2/HIBAH/2025")
        partners = self.env["res.partner"].create([{"name": "Dinas"}, {"name": "Desa"}])
        first = self._receive(
            "3", account_id=self.accounts["bank"].id, partner_id=partners[0].id, capital_type="loan"
        )
        second = self._receive(
            "4", account_id=self.accounts["bank"].id, partner_id=partners[1].id, capital_type="loan"
        )
        self.partners["desa"] = partners[1]
        self._post("2025-05-01", ("cash", 70_000, None), ("bank", -70_000, partners[1]))
        closings = {
            row.funding: row.closing for row in (first + second)._read_statements(self.company, *YEAR)
        }
        self.assertEqual(closings, {first: 0, second: 70_000})
        # what carries no contact belongs to no agreement: the tie-out shows it
        check = self._get("funding").checks[0]
        self.assertEqual(check.difference, -8_000_000)

    def test_an_agreement_of_nothing_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._receive(amount=0)

    # Plan and budget

    def _budget(self, year, state, **balances):
        budget = (
            self.env["mis.budget.by.account"]
            .with_user(self.accountant)
            .create(
                {
                    "name": f"RAPB {year}",
                    "company_id": self.company.id,
                    "date_from": f"{year}-01-01",
                    "date_to": f"{year}-12-31",
                    "item_ids": [
                        Command.create(
                            {
                                "account_id": self.accounts[key].id,
                                "company_id": self.company.id,
                                "date_from": f"{year}-01-01",
                                "date_to": f"{year}-12-31",
                                "debit": max(amount, 0) * 1_000,
                                "credit": max(-amount, 0) * 1_000,
                            }
                        )
                        for key, amount in balances.items()
                    ],
                }
            )
        )
        budget.state = state
        return budget

    def test_the_budget_against_what_became_of_it(self):
        self._budget(2025, "confirmed", sales=-10_000, wages=800, equipment=500)
        self._budget(2026, "draft", sales=-14_000)
        self._budget(2025, "cancelled", sales=-1)
        document = self._get("plan")
        rows = self._get_rows(document.parts[-1])
        self.assertEqual(rows["401000 sales"], (10000, 12500, 2500, Decimal("0.125"), 14000))
        self.assertEqual(rows["501000 wages"], (800, 700, -100, Decimal("0.0875"), 0))
        self.assertEqual(rows["123000 equipment"], (500, 0, -500, 0, 0))
        self.assertEqual(rows["SISA HASIL USAHA (A − B)"][:3], (9200, 1760, -7440))
        self.assertFalse([notice for notice in document.notices if "nggaran" in notice])

    # Who reads, what is wrong

    def test_every_document_is_there(self):
        # Other addons may bring more.
        self.assertLessEqual(KEYS, set(self.env["kmp.statutory"]._get_keys()))
        for key in sorted(KEYS):
            document = self._get(key)
            self.assertTrue(document.ties, key)
            self.assertTrue(
                all(len(row.cells) == len(t.columns) for t in document.tables for row in t.rows), key
            )

    def test_a_company_without_set_up_and_members_is_readable(self):
        self.auditor.company_ids |= self.other_company
        auditor = self.auditor.with_context(allowed_company_ids=self.other_company.ids)
        self.env["res.users"].invalidate_model()
        for key in sorted(KEYS):
            with self.subTest(key):
                env = self.env(user=auditor, context={"allowed_company_ids": self.other_company.ids})
                document = env["kmp.statutory"]._get_model(key)._get_document(self.other_company, *YEAR)
                self.assertTrue(document.title)
                self.assertTrue(document.ties)

    def test_who_may_not(self):
        for user in (self.outsider, self.clerk, self.other_officer):
            with self.assertRaises(AccessError):
                self._get("calk", user=user)

    def test_a_period_that_ends_before_it_begins(self):
        with self.assertRaises(UserError):
            self._get("calk", dates=(date(2025, 2, 1), date(2025, 1, 1)))

    def test_a_year_that_is_not_closed_says_so_on_its_face(self):
        self.assertIn("KONSEP: buku sampai dengan 31 Desember 2025 belum dikunci.", self._render("calk"))
        self.company.fiscalyear_lock_date = YEAR[1]
        self.assertNotIn("KONSEP", self._render("calk"))

    def test_signatures_have_names(self):
        self.env["kmp.officer"].create(
            {
                "membership_id": self.members["A"].id,
                "company_id": self.company.id,
                "post": "chair",
                "date_from": "2024-01-01",
                "date_to": "2028-12-31",
            }
        )
        signers = [(signer.post, signer.name) for signer in self._get("calk").signers]
        self.assertEqual(signers, [("Bendahara", ""), ("Ketua", "Member A"), ("Pengawas", "")])
        html = self._render("calk")
        self.assertIn("(Member A)", html)
        self.assertIn("Sleman, tanggal", html)

    def test_strange_names_are_whole_and_texts(self):
        for number, name in (("A", FORMULA), ("B", RIGHT_TO_LEFT)):
            self.members[number].partner_id.name = name
        self.company.name = LONG
        html = self._render("attendance")
        for name in (FORMULA.replace("'", "&#39;"), RIGHT_TO_LEFT, LONG):
            self.assertIn(name, html)


@tagged("post_install", "-at_install")
class TestStatutoryRice(StatutoryCase):
    cooperative = RICE

    def test_the_notes_tie(self):
        expected = self._get_expected(self.cooperative, "position")
        checks = {check.name: check for check in self._get("calk").checks}
        self.assertEqual(checks["Aset: catatan = buku besar"].left, expected["total_assets"][0])
        self.assertEqual(checks["Ekuitas: catatan = buku besar"].left, expected["equity"][0])
        self.assertEqual({check.status for check in checks.values()}, {OK})


@tagged("post_install", "-at_install")
class TestStatutoryWorkers(TestStatutoryRice):
    cooperative = WORKERS


@tagged("post_install", "-at_install")
class TestStatutoryArrears(ContributionCase):
    """Dues of January and February; one of them is paid late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = [
            cls._create_member("Ani", "A-1", cls.producers),
            cls._create_member("Budi", "B-1", cls.producers),
        ]
        cls._bill(1)
        cls._bill(2)

    def _get_rows(self, day):
        model = self.env["kmp.statutory.arrears"].with_user(self.auditor)
        document = model._get_document(self.company, date(2025, 1, 1), day)
        self.assertTrue(document.ties)
        return {row.cells[1]: row.cells[5:] for row in document.parts[0].rows if not row.kind}

    def test_ages_and_what_was_paid_later(self):
        due = sorted(set(self.env["kmp.contribution.line"].search([]).mapped("date_due")))
        day = max(due) + (date(2025, 1, 31) - date(2025, 1, 1))  # 30 days after the last
        age = (day - due[0]).days
        place = next(n for n, limit in enumerate((30, 60, 90, 10_000)) if age <= limit)
        expected = [Decimal()] * 6
        expected[1] += 50_000
        expected[1 + place] += 50_000
        expected[5] = Decimal(100_000)
        self.assertEqual(self._get_rows(day), {"A-1": tuple(expected), "B-1": tuple(expected)})

    def test_who_paid_later_owed_it_then(self):
        before = self._get_rows(date(2025, 4, 30))
        item = self._pay(self.members[0], 100_000, date(2025, 5, 10))
        (item + self._get_open_items(self.members[0])).reconcile()
        self.assertEqual(self._get_rows(date(2025, 4, 30)), before)
        self.assertEqual(set(self._get_rows(date(2025, 5, 10))), {"B-1"})

    def _get_open_items(self, member):
        lines = self.env["kmp.contribution.line"].search([("membership_id", "=", member.id)])
        return lines.move_line_id


@tagged("post_install", "-at_install")
class TestStatutoryPages(StatutoryCase):
    """Tables on pages: no row is lost, none is cut, and a heading stays with its first row."""

    def _make(self, count):
        rows = [
            Row((f"Kelompok {n}" if n % 10 == 0 else "x" * n, None), "group" if n % 10 == 0 else "")
            for n in range(count)
        ]
        return Table("", [Column("Nama", 60), Column("Jumlah", 40, AMOUNT)], rows)

    def test_pages(self):
        self.assertEqual(len(paginate(self._make(SHORT))), 1)
        table = self._make(200)
        for is_landscape in (False, True):
            pages = paginate(table, is_landscape)
            self.assertEqual([row for page in pages for row in page], table.rows)
            self.assertNotIn("group", [page[-1].kind for page in pages])
            self.assertLessEqual(max(map(len, pages)), PORTRAIT[0])
            self.assertGreater(len(pages), 3)
            below_heading = paginate(table, is_landscape, is_first=True)
            self.assertLess(len(below_heading[0]), len(pages[0]))
            self.assertEqual([row for page in below_heading for row in page], table.rows)
