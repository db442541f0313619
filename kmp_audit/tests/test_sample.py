import hashlib
import io
from decimal import Decimal

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..engine import sample as engine
from .common import AuditCase

AMOUNTS = (500, 1, 40_000, 7, 300, 0, 1200, 60, 88, 9000, 15, 2500)


@tagged("post_install", "-at_install")
class TestSample(AuditCase):
    """What PostgreSQL draws is what plain Python draws, and what was drawn is sealed."""

    def setUp(self):
        super().setUp()
        self.entries = self.env["account.move"].concat(
            *(
                self._earn(f"2025-0{1 + place % 9}-15", amount)
                for place, amount in enumerate(AMOUNTS)
                if amount
            )
        )
        self.audit = self._create_audit()

    def _draw(self, **vals):
        sample = (
            self.env["kmp.audit.sample"]
            .with_user(self.auditor)
            .create({"audit_id": self.audit.id, "seed": "17-08-1945", "size": 4} | vals)
        )
        sample.action_draw()
        return sample

    def _get_population(self):
        """The entries as the ORM reads them."""
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "posted"),
                ("date", ">=", "2025-01-01"),
                ("date", "<=", "2025-12-31"),
            ]
        )
        return [
            engine.Entry(
                move.journal_id.code,
                move.name,
                engine.units(Decimal(str(sum(move.line_ids.mapped("debit"))))),
            )
            for move in moves
        ]

    def _assert_same(self, sample, **options):
        drawn = engine.draw(self._get_population(), sample.seed, sample.size, sample.method, **options)
        lines = [
            engine.Drawn(line.stratum or "", line.journal_id.code, line.move_id.name, line.hits)
            for line in sample.line_ids.sorted("sequence")
        ]
        self.assertEqual(lines, drawn)
        return drawn

    def test_random(self):
        drawn = self._assert_same(self._draw())
        self.assertEqual(len(drawn), 4)
        self.assertEqual(
            self._assert_same(self._draw(size=6))[:4], drawn, "a larger sample holds the smaller one"
        )
        self.assertNotEqual(self._assert_same(self._draw(seed="other")), drawn)

    def test_the_algorithm_as_it_is_written_down(self):
        """The smallest SHA-256 of seed, journal and number, each on a line."""

        def ticket(move):
            return hashlib.sha256(f"17-08-1945\nUMUM\n{move.name}".encode()).hexdigest()

        moves = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("state", "=", "posted")]
        )
        self.assertEqual(self._draw().line_ids.move_id, moves.sorted(ticket)[:4])

    def test_by_value(self):
        for seed in map(str, range(20)):
            sample = self._draw(method="value", seed=seed)
            drawn = self._assert_same(sample)
            self.assertEqual(sum(entry.hits for entry in drawn), 4)
            # 40,000 of 54,671 rupiah: more than one point lies on it, always
            self.assertGreaterEqual(max(entry.hits for entry in drawn), 2)

    def test_key_items_and_strata(self):
        cash = self._create_entry(
            self.accounts["sales"], None, 25, "2025-05-05", journal_id=self.cash_journal.id
        )
        cash.action_post()
        sample = self._draw(is_by_journal=True, key_value=2500, size=2)
        drawn = self._assert_same(sample, by_journal=True, key_value=Decimal(2500))
        self.assertEqual({entry.stratum for entry in drawn}, {"UMUM", "KAS"})
        self.assertEqual(sorted(sample.line_ids.filtered("is_key").mapped("value")), [2500, 9000, 40_000])
        self.assertEqual(len(sample.line_ids), 3 + 2 + 1)
        by_value = self._draw(is_by_journal=True, key_value=2500, size=2, method="value")
        self._assert_same(by_value, by_journal=True, key_value=Decimal(2500))

    def test_population(self):
        sample = self._draw()
        # the eleven entries and the five deposits of the members
        self.assertEqual((sample.population, sample.population_value), (16, sum(AMOUNTS) + 1000))
        self.assertEqual((sample.line_count, sample.open_count, sample.exception_count), (4, 4, 0))

    def test_drafts_and_other_years_are_not_drawn(self):
        draft = self._create_entry(self.accounts["sales"], None, 25, "2025-05-05")
        later = self._earn("2026-01-01", 5)
        sample = self._draw(size=100)
        self.assertEqual(len(sample.line_ids), 16)
        self.assertFalse(sample.line_ids.move_id & (draft | later))

    def test_what_was_drawn_is_sealed(self):
        sample = self._draw()
        line = sample.line_ids[0]
        for attempt in (
            lambda: sample.write({"seed": "x"}),
            lambda: sample.write({"size": 9}),
            lambda: sample.write({"line_ids": [(5,)]}),
            lambda: sample.write({"population": 1}),
            lambda: line.write({"move_id": self.entries[0].id}),
            lambda: line.write({"value": 1}),
            sample.action_draw,
        ):
            with self.assertRaises(UserError):
                attempt()
        with self.assertRaises(AccessError):
            line.unlink()

    def test_the_auditor_writes_what_was_found(self):
        sample = self._draw()
        sample.write(
            {"line_ids": [(1, sample.line_ids[0].id, {"result": "exception", "note": "No receipt"})]}
        )
        sample.line_ids[1].result = "in_order"
        self.assertEqual((sample.open_count, sample.exception_count), (2, 1))
        other = self._create_user("second_auditor", "kmp_membership.group_auditor")
        for user in (other, self.supervisor):
            with self.assertRaises(AccessError):
                sample.line_ids[0].with_user(user).write({"note": "x"})
        for user in (self.clerk, self.officer, self.other_officer):
            with self.assertRaises(AccessError):
                sample.with_user(user).read(["seed"])

    def test_nobody_draws_for_another(self):
        sample = self._draw()
        other = self._create_user("second_auditor", "kmp_membership.group_auditor")
        with self.assertRaises(AccessError):
            self.env["kmp.audit.sample"].with_user(other).create({"audit_id": self.audit.id})
        with self.assertRaises(AccessError):
            sample.with_user(other).action_draw()

    def test_bad_input(self):
        with self.assertRaisesRegex(ValidationError, "at most"):
            self._draw(size=10_001)
        with self.assertRaisesRegex(ValidationError, "one line"):
            self._draw(seed="a\nb")
        empty = self._create_audit(date_from="2001-01-01", date_to="2001-12-31")
        with self.assertRaisesRegex(UserError, "no posted entries"):
            self._draw(audit_id=empty.id)

    def test_working_list(self):
        sample = self._draw(method="value")
        sample.line_ids[0].write({"result": "exception", "note": "=cmd|' /C calc'!A0"})
        self.assertEqual(sample.action_working_list()["report_name"], "kmp_audit.sample_xlsx")
        sample.line_ids[1].note = "Lihat bukti " + 12 * "kas keluar "
        content = self._get_workbook(sample)
        [sheet] = load_workbook(io.BytesIO(content))
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertIn("seed: 17-08-1945", cells[3][0])
        # The heading runs over the columns; a note that wraps has a row that is high enough.
        self.assertFalse(sheet["A4"].alignment.wrap_text)
        [noted] = [row[9] for row in sheet.iter_rows() if row[9].value and row[9].value.startswith("Lihat")]
        self.assertTrue(noted.alignment.wrap_text)
        self.assertGreaterEqual(sheet.row_dimensions[noted.row].height, 30)
        rows = [row for row in cells if isinstance(row[0], int)]
        self.assertEqual([row[2] for row in rows], sample.line_ids.mapped("move_id.name"))
        self.assertEqual(rows[0][8:10], ["Exception", "=cmd|' /C calc'!A0"])
        self.assertEqual(cells[-1][6], sum(sample.line_ids.mapped("value")))
        self.assertNotIn("f", {cell.data_type for row in sheet.iter_rows() for cell in row})

    def _get_workbook(self, sample):
        reports = self.env["ir.actions.report"].with_user(self.auditor)
        return reports._render("kmp_audit.sample_xlsx", sample.ids)[0]
