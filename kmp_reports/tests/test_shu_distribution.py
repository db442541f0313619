from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..report import shu_distribution
from ..report.shu_check import DIFFERENT, NOT_POSTED, OK
from .common import CLASSES, EXPENSE, INCOME, MEMBERS, POOLS, SURPLUS, DistributionCase

REPORTS = [
    ("_render_xlsx", "shu_distribution_xlsx"),
    ("_render_qweb_html", "shu_distribution"),
    ("_render_qweb_pdf", "shu_distribution"),
]


@tagged("post_install", "-at_install")
class TestShuDistribution(DistributionCase):
    def test_the_document_is_what_the_hand_computed(self):
        run = self._run_posted()
        document = self._get_document(run)
        self.assertEqual([(row.code, row.percent, row.amount) for row in document.rows], POOLS)
        self.assertEqual(
            [
                (row.code, row.name, row.count, row.capital, row.patronage, row.total)
                for row in document.classes
            ],
            CLASSES,
        )
        self.assertEqual(document.grand_total[3:], (5, 150_000, 450_000, 600_000))
        members = self.env["report.kmp_reports.shu_distribution"]._iter_members(run)
        self.assertEqual(
            [(row.number, row.class_code, row.name, *row[-3:]) for row in members],
            [(number, code, name, *amounts) for number, code, name, _capital, _business, *amounts in MEMBERS],
        )
        self.assertTrue(document.is_final and document.ties)

    def test_members_come_in_batches_and_a_reader_may_stop(self):
        run = self._run_posted()
        report = self.env["report.kmp_reports.shu_distribution"]
        self.patch(shu_distribution, "FETCH_SIZE", 2)
        reader = report._iter_members(run)
        next(reader)
        reader.close()
        self.assertEqual([row.number for row in report._iter_members(run)], [row[0] for row in MEMBERS])

    def test_facts(self):
        run = self._run_posted()
        facts = dict(self._get_document(run).facts)
        self.assertEqual(facts["Tahun buku"], "1 Januari 2025 s.d. 31 Desember 2025")
        self.assertEqual(facts["Keputusan rapat anggota"], "07/RAT/2026")
        self.assertEqual(facts["Jurnal"], f"{run.move_id.name}, 1 Maret 2026")
        self.assertEqual((facts["Sidik digital"], facts["SHA-256"]), (run.hash_short, run.hash))
        self.assertEqual(facts["Dihitung oleh"], self.accountant.name)
        self.assertEqual(facts["Disetujui oleh"], self.officer.name)

    def test_names_are_indonesian_for_every_reader(self):
        self.env["res.lang"]._activate_lang("id_ID")
        self.classes["PRO"].with_context(lang="en_US").name = "Producers"
        self.classes["PRO"].with_context(lang="id_ID").name = "Produsen"
        run = self._run_posted()
        self._tamper(
            "kmp_shu_scheme_line",
            """name = '{"en_US": "Reserve", "id_ID": "Dana cadangan"}'""",
            "code = 'CAD' AND scheme_id = %s",
            self.scheme.id,
        )
        document = self._get_document(run)
        self.assertEqual(document.classes[0].name, "Produsen")
        names = {pool.code: pool.name for pool in document.pools}
        self.assertEqual((names["CAD"], names["PRO"]), ("Dana cadangan", "Produsen"))

    # Tie-out

    def _get_checks(self, run):
        return {check.name: check for check in self._get_document(run).checks}

    def test_every_check_ties_to_the_journal_items(self):
        run = self._run_posted()
        checks = self._get_checks(run)
        self.assertEqual(
            {
                name: (check.left, check.right, check.difference, check.status)
                for name, check in checks.items()
            },
            {
                "SHU = pendapatan − beban tahun buku": (SURPLUS, SURPLUS, 0, OK),
                "SHU = cadangan dan dana + bagian anggota + sisa pembulatan": (SURPLUS, SURPLUS, 0, OK),
                "Daftar anggota = bagian anggota": (600_000, 600_000, 0, OK),
                "Jurnal: debit = SHU": (SURPLUS, SURPLUS, 0, OK),
                "Jurnal: utang SHU = daftar anggota": (600_000, 600_000, 0, OK),
                "Utang SHU per kelompok: PRO Produsen": (270_000, 270_000, 0, OK),
                "Utang SHU per kelompok: KON Konsumen": (180_000, 180_000, 0, OK),
                "Utang SHU per kelompok: PEK -1": (150_000, 150_000, 0, OK),
            },
        )
        self.assertIn("Rp1.500.000,00", checks["SHU = pendapatan − beban tahun buku"].right_name)
        self.assertIn("Rp500.000,00", checks["SHU = pendapatan − beban tahun buku"].right_name)
        self.assertEqual(INCOME - EXPENSE, SURPLUS)

    def test_a_later_entry_in_the_year_is_shown(self):
        run = self._run_posted()
        self._earn("2025-12-31", 7)
        checks = self._get_checks(run)
        check = checks.pop("SHU = pendapatan − beban tahun buku")
        self.assertEqual((check.left, check.right, check.difference), (SURPLUS, SURPLUS + 7, -7))
        self.assertEqual(check.status, DIFFERENT)
        self.assertEqual({check.status for check in checks.values()}, {OK})
        self.assertFalse(self._get_document(run).ties)

    def test_entries_of_other_years_and_drafts_do_not_count(self):
        run = self._run_posted()
        self._earn("2024-12-31", 5)
        self._earn("2026-01-01", 5)
        self._earn("2025-05-05", 5).button_draft()
        self.assertTrue(self._get_document(run).ties)

    def _tamper(self, table, values, where, *params):
        self.env.flush_all()
        query = f"UPDATE {table} SET {values} WHERE {where}"  # noqa: S608 - all of it from this file
        self.env.cr.execute(query, params)
        self.assertTrue(self.env.cr.rowcount)
        self.env.invalidate_all()

    def _get_different(self, run):
        return {
            name: check.difference
            for name, check in self._get_checks(run).items()
            if check.status == DIFFERENT
        }

    def test_a_changed_journal_item_is_shown(self):
        run = self._run_posted()
        self._tamper(
            "account_move_line",
            "credit = credit - 10",
            "move_id = %s AND partner_id = %s",
            run.move_id.id,
            self.members["KON-1"].partner_id.id,
        )
        self.assertEqual(
            self._get_different(run),
            {"Jurnal: utang SHU = daftar anggota": 10, "Utang SHU per kelompok: KON Konsumen": 10},
        )

    def test_a_changed_account_is_shown(self):
        run = self._run_posted()
        self._tamper(
            "account_move_line",
            f"account_id = {self.accounts['cash'].id}",
            "move_id = %s AND partner_id = %s",
            run.move_id.id,
            self.members["PEK-1"].partner_id.id,
        )
        self.assertEqual(
            self._get_different(run),
            {"Jurnal: utang SHU = daftar anggota": 150_000, "Utang SHU per kelompok: PEK -1": 150_000},
        )

    def test_a_changed_debit_is_shown(self):
        run = self._run_posted()
        self._tamper("account_move_line", "debit = debit + 1", "move_id = %s AND debit > 0", run.move_id.id)
        self.assertEqual(self._get_different(run), {"Jurnal: debit = SHU": -1})

    def test_a_changed_share_is_shown(self):
        run = self._run_posted()
        self._tamper("kmp_shu_share", "amount = amount + 3", "run_id = %s AND number = 'PRO-1'", run.id)
        self.assertEqual(
            self._get_different(run),
            {
                "SHU = cadangan dan dana + bagian anggota + sisa pembulatan": -3,
                "Daftar anggota = bagian anggota": 3,
                "Jurnal: utang SHU = daftar anggota": 3,
                "Utang SHU per kelompok: PRO Produsen": 3,
            },
        )

    def test_a_changed_pool_is_shown(self):
        run = self._run_posted()
        self._tamper("kmp_shu_pool", "amount = amount - 4", "run_id = %s AND code = 'CAD'", run.id)
        self.assertEqual(
            self._get_different(run), {"SHU = cadangan dan dana + bagian anggota + sisa pembulatan": 4}
        )

    def test_an_entry_by_class_ties_too(self):
        self.company.shu_member_line_limit = 1
        run = self._run_posted()
        self.assertFalse(run.move_id.line_ids.partner_id)
        self.assertEqual(self._get_different(run), {})
        checks = self._get_checks(run)
        self.assertEqual(checks["Utang SHU per kelompok: KON Konsumen"].right, 180_000)
        self._tamper(
            "account_move_line",
            "credit = credit + 2",
            "move_id = %s AND name LIKE '%%Konsumen%%'",
            run.move_id.id,
        )
        self.assertEqual(self._get_different(run)["Utang SHU per kelompok: KON Konsumen"], -2)

    def test_an_entry_by_class_ties_when_a_class_is_renamed(self):
        self.company.shu_member_line_limit = 1
        run = self._run_posted()
        self.classes["KON"].name = "Pembeli"
        self.assertEqual(self._get_different(run), {})

    def test_a_correction_ties_by_its_differences(self):
        for limit in (500, 1):
            with self.subTest(limit=limit), self.env.cr.savepoint() as savepoint:
                self.company.shu_member_line_limit = limit
                run = self._run_posted()
                self._earn("2025-12-31", 100_000)
                correction = run.browse(run.with_user(self.accountant).action_correct()["res_id"])
                correction.posting_date = "2026-06-01"
                self._acknowledge(correction, "tax_unset")
                correction.with_user(self.accountant).action_compute()
                self._approve(correction)
                correction.with_user(self.accountant).action_post()
                self.assertEqual(self._get_different(correction), {})
                checks = self._get_checks(correction)
                self.assertEqual(checks["Jurnal: debit = SHU"].left, 100_000)
                self.assertEqual(
                    sum(
                        check.right
                        for name, check in checks.items()
                        if name.startswith("Utang SHU per kelompok")
                    ),
                    checks["Jurnal: utang SHU = daftar anggota"].right,
                )
                savepoint.rollback()

    def test_another_payable_account_since_does_not_matter(self):
        run = self._run_posted()
        self.company.shu_payable_account_id = self.accounts["education"]
        self.assertEqual(self._get_different(run), {})

    def test_before_posting_the_entry_checks_wait(self):
        run = self._compute()
        document = self._get_document(run)
        statuses = [check.status for check in document.checks]
        self.assertEqual(statuses, [OK] * 3 + [NOT_POSTED] * 5)
        self.assertIsNone(document.checks[-1].difference)
        self.assertFalse(document.is_final)
        self.assertTrue(document.ties)
        self.assertEqual(dict(document.facts)["Jurnal"], "(belum diposting)")

    @freeze_time("2026-05-05")
    def test_a_reversed_run_shows_its_reversal(self):
        run = self._run_posted()
        run.with_user(self.accountant).action_reverse()
        document = self._get_document(run)
        check = document.checks[-1]
        self.assertEqual(
            (check.name, check.left, check.right), ("Jurnal balik = jurnal pembagian", SURPLUS, SURPLUS)
        )
        self.assertTrue(document.ties)
        self.assertFalse(document.is_final)
        self.assertEqual(dict(document.facts)["Status"], "Dibatalkan dengan jurnal balik")

    # Rounding

    def test_what_truncation_leaves_has_a_row(self):
        """1,000,007 leaves 1 at the root, 2 between the classes, 1 of JM and 1 of the producers' part."""
        scheme = self._create_hand_scheme(rounding_method="truncate", name="Potong")
        run = self._run_posted(income=INCOME + 7, scheme=scheme)
        document = self._get_document(run)
        self.assertEqual((document.root_residual, document.residual), (1, 5))
        rows = [(row.level, row.code or row.kind, row.amount) for row in document.rows]
        self.assertEqual(
            rows,
            [
                (0, "CAD", 300_002),
                (0, "PEND", 100_000),
                (0, "ANG", 600_004),
                (1, "JM", 150_001),
                (2, "residual", 1),
                (1, "JU", 450_003),
                (2, "PRO", 225_001),
                (3, "residual", 1),
                (2, "KON", 135_000),
                (2, "PEK", 90_000),
                (2, "residual", 2),
                (0, "residual", 1),
            ],
        )
        self.assertEqual(sum(amount for level, _code, amount in rows if not level), document.surplus)
        self.assertEqual(self._get_different(run), {})
        [booked] = self._ledger(
            "SELECT SUM(credit) FROM account_move_line WHERE move_id = %s AND account_id = %s",
            run.move_id.id,
            self.accounts["reserve"].id,
        )
        self.assertEqual(booked, 300_002 + 5)

    def test_a_year_without_members(self):
        scheme = self._create_scheme(
            {"code": "CAD", "name": "Cadangan", "kind": "reserve", "percent": 100}, name="Cadangan saja"
        )
        scheme.with_user(self.officer).action_put_into_force()
        document = self._get_document(self._run_posted(scheme=scheme))
        self.assertEqual((document.member_count, document.classes), (0, []))
        self.assertEqual(document.grand_total[3:], (0, 0, 0, 0))
        self.assertTrue(document.ties)

    # Access

    def test_who_may_read_the_run_may_print_it(self):
        run = self._run_posted()
        for user in (self.accountant, self.officer, self.supervisor, self.auditor):
            self.assertEqual(self._get_document(run, user).surplus, Decimal(SURPLUS))

    def test_others_may_not(self):
        run = self._run_posted()
        stranger = self._create_user("auditor", "kmp_membership.group_auditor", self.other_company)
        for render, name in REPORTS:
            for user in (self.clerk, stranger):
                with self.subTest(f"{name} {render} {user.login}"), self.assertRaises(AccessError):
                    self._render(render, name, run, user)

    def test_a_report_with_sudo_checks_the_user_all_the_same(self):
        run = self._run_posted()
        stranger = self._create_user("auditor", "kmp_membership.group_auditor", self.other_company)
        for user in (self.clerk, stranger):
            report = self.env["report.kmp_reports.shu_distribution"].with_user(user).sudo()
            with self.subTest(user.login), self.assertRaises(AccessError):
                report._get_report_values(run.ids)

    def test_a_draft_is_refused_by_name(self):
        run = self._create_run(self.scheme)
        for render, name in REPORTS:
            with (
                self.subTest(render),
                self.assertRaisesRegex(UserError, "SHU 2025 is not computed yet.*compute it"),
            ):
                self._render(render, name, run)

    def test_no_run_is_refused(self):
        for render, name in REPORTS:
            with self.subTest(render), self.assertRaisesRegex(UserError, "Choose the SHU distribution"):
                self._render(render, name, self.env["kmp.shu.run"])

    def test_the_actions_are_bound_to_the_run(self):
        for name, kind in (("pdf", "qweb-pdf"), ("xlsx", "xlsx")):
            action = self.env.ref(f"kmp_reports.action_report_shu_{name}")
            self.assertEqual((action.binding_model_id.model, action.report_type), ("kmp.shu.run", kind))
        views = self.env["kmp.shu.run"].with_user(self.auditor).get_view(view_type="form")
        for name in ("pdf", "xlsx"):
            self.assertIn(f'name="{self.env.ref(f"kmp_reports.action_report_shu_{name}").id}"', views["arch"])

    def test_query_budget(self):
        run = self._run_posted()
        self._get_document(run)
        self.env.flush_all()
        with self.assertQueryCount(20):
            self._get_document(run)
