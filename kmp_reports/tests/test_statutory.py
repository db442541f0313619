from datetime import date

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_membership.report import indonesian

from ..report.shu_check import OK
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
                "Arus kas dan transaksi tanpa kas": (600, 600),
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
        self.assertIn("Sleman, tanggal ....", html)
        self.company.fiscalyear_lock_date = YEAR[1]
        self.assertIn(
            f"Sleman, {indonesian.date(fields.Date.context_today(self.company))}", self._render("calk")
        )
        self.assertIn("Sleman, tanggal ....", self._render("minutes"))

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
