from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from .contribution_common import TwoMembersCase


@tagged("post_install", "-at_install")
class TestContributionRunPrepare(TwoMembersCase):
    """Who pays how much, and who is left out."""

    def test_classes_and_share_types(self):
        self._create_terms(self.pokok, self.consumers, amount=200000, frequency="once")
        run = self._create_run(class_ids=[(6, 0, self.producers.ids)])
        self.assertEqual(self._lines(run), {("B-1", "SW", date(2025, 1, 1)): 50000})
        run = self._create_run(share_type_ids=[(6, 0, self.pokok.ids)])
        self.assertEqual(self._lines(run), {("B-2", "SP", date(2025, 1, 1)): 200000})

    def test_later_term_of_a_class(self):
        self._create_terms(
            self.wajib, self.consumers, amount=75000, frequency="monthly", date_from=date(2025, 2, 1)
        )
        self.assertEqual(set(self._lines(self._create_run(1)).values()), {50000})
        self.assertEqual(
            self._lines(self._create_run(2)),
            {("B-1", "SW", date(2025, 2, 1)): 50000, ("B-2", "SW", date(2025, 2, 1)): 75000},
        )

    def test_class_of_the_day_on_which_the_period_begins(self):
        self.terms.filtered(lambda term: term.class_id == self.consumers).amount = 75000
        self.budi.with_user(self.officer)._apply_step("change_class", date(2025, 2, 15), self.consumers)
        for month, amount, stakeholder_class in ((2, 50000, self.producers), (3, 75000, self.consumers)):
            run = self._create_run(month)
            line = run.line_ids.filtered(lambda line: line.membership_id == self.budi)
            self.assertEqual((line.amount, line.class_id), (amount, stakeholder_class))

    def test_several_periods_in_one_run(self):
        run = self._create_run(date_to=date(2025, 3, 31))
        self.assertEqual(run.name, "Dues January 2025 – March 2025")
        self.assertEqual(len(run.line_ids), 6)
        self.assertEqual(
            run.line_ids.filtered(lambda line: line.membership_id == self.budi).mapped("period_from"),
            [date(2025, 3, 1), date(2025, 2, 1), date(2025, 1, 1)],
        )

    def test_quarter_is_billed_once_in_its_three_months(self):
        self.terms.frequency = "quarterly"
        run = self._bill(2)  # late: the quarter that began in January
        self.assertEqual(self._lines(run)["B-1", "SW", date(2025, 1, 1)], 50000)
        self.assertFalse(self._create_run(3).line_ids)
        self.assertEqual(len(self._create_run(4).line_ids), 2)

    # ---------------------------------------------------------------- period of joining

    def test_proration_by_days(self):
        """Joined on 17 January: 15 of 31 days of 50,000 are 24,193.55; on 14 February 15 of 28 are 26,785.71: half up to Rp1."""
        self.terms.proration = "days"
        self._create_member("Joko", "J-1", date_from=date(2025, 1, 17))
        self._create_member("Jaya", "J-2", date_from=date(2025, 2, 14))
        self.assertEqual(
            self._lines(self._bill(1)),
            {
                ("B-1", "SW", date(2025, 1, 1)): 50000,
                ("B-2", "SW", date(2025, 1, 1)): 50000,
                ("J-1", "SW", date(2025, 1, 1)): 24194,
            },
        )
        february = self._lines(self._create_run(2))
        self.assertEqual(february["J-1", "SW", date(2025, 2, 1)], 50000)
        self.assertEqual(february["J-2", "SW", date(2025, 2, 1)], 26786)

    def test_proration_rounds_to_the_unit_half_up(self):
        """15 of 30 days of 50,100 are 25,050: to Rp100 half up 25,100."""
        self.terms.write({"proration": "days", "rounding": 100, "amount": 50100})
        self._create_member("Joko", "J-1", date_from=date(2025, 4, 16))
        self.assertEqual(self._lines(self._create_run(4))["J-1", "SW", date(2025, 4, 1)], 25100)

    def test_last_day_of_the_period(self):
        self.terms.proration = "days"
        self._create_member("Joko", "J-1", date_from=date(2025, 1, 31))
        self.assertEqual(
            self._lines(self._create_run(1))["J-1", "SW", date(2025, 1, 1)], 1613
        )  # 50,000 / 31 = 1,612.90

    def test_whole_amount_or_nothing_in_the_period_of_joining(self):
        self._create_member("Joko", "J-1", date_from=date(2025, 1, 17))
        self._create_member("Jaya", "J-2", date_from=date(2025, 1, 1))
        self.assertEqual(self._lines(self._create_run(1))["J-1", "SW", date(2025, 1, 1)], 50000)
        self.env["kmp.contribution.run"].search([]).unlink()
        self.terms.proration = "none"
        run = self._create_run(1)
        lines = self._lines(run)
        self.assertNotIn(("J-1", "SW", date(2025, 1, 1)), lines)
        self.assertEqual(lines["J-2", "SW", date(2025, 1, 1)], 50000)
        self.assertEqual(run.skipped_note, "1 joined in the period")

    def test_not_a_member_yet(self):
        self._create_member("Joko", "J-1", date_from=date(2025, 2, 1))
        self.env["kmp.membership"].create(
            {"partner_id": self.env["res.partner"].create({"name": "A"}).id, "company_id": self.company.id}
        )
        self.assertEqual(len(self._create_run(1).line_ids), 2)

    # ---------------------------------------------------------------- who is skipped

    def test_suspended_and_left(self):
        self.budi.with_user(self.officer)._apply_step("suspend", date(2025, 1, 5))
        self.siti.with_user(self.officer)._apply_step("resign", date(2025, 1, 5))
        run = self._create_run(1)
        self.assertEqual((run.line_count, run.skipped_note), (0, "1 suspended"))
        self.terms.bills_suspended = True
        run.action_prepare()
        self.assertEqual(self._lines(run), {("B-1", "SW", date(2025, 1, 1)): 50000})

    def test_exemption(self):
        exemption = (
            self.env["kmp.contribution.exemption"]
            .with_user(self.officer)
            .create(
                {
                    "membership_id": self.budi.id,
                    "date_from": date(2025, 1, 1),
                    "date_to": date(2025, 1, 31),
                    "reason": "Illness",
                }
            )
        )
        self.assertEqual(exemption.display_name, "B-1 Budi: Illness")
        run = self._create_run(1)
        self.assertEqual(
            (list(self._lines(run)), run.skipped_note), ([("B-2", "SW", date(2025, 1, 1))], "1 exempt")
        )
        self.assertEqual(len(self._create_run(2).line_ids), 2)
        exemption.write({"date_to": False, "share_type_id": self.pokok.id})
        run.action_prepare()
        self.assertEqual(len(run.line_ids), 2)

    def test_paid_once_and_what_is_missing(self):
        """Of 200,000 once, Budi has deposited 120,000 and Siti all: Budi owes 80,000, Siti nothing."""
        self._create_terms(self.pokok, amount=200000, frequency="once", date_from=date(2020, 1, 1))
        self._create_deposit(self.budi, 120000).with_user(self.officer).action_post()
        self._create_deposit(self.siti, 200000).with_user(self.officer).action_post()
        run = self._bill(share_type_ids=[(6, 0, self.pokok.ids)])
        self.assertEqual(self._lines(run), {("B-1", "SP", date(2020, 1, 1)): 80000})
        self.assertEqual(run.skipped_note, "1 paid in full")
        self.assertEqual(run.sudo().move_ids.line_ids[0].name, "Simpanan Pokok")
        self.assertFalse(self._create_run(2, share_type_ids=[(6, 0, self.pokok.ids)]).line_ids)

    def test_maximum_counts_what_is_held_owed_and_called_in_the_same_run(self):
        """Up to 120,000: 10,000 held, January (50,000) owed; of February and March 50,000 and 10,000 are called, April nothing."""
        self.terms.maximum = 120000
        self._create_deposit(self.budi, 10000, self.wajib).with_user(self.officer).action_post()
        self._bill(1, class_ids=[(6, 0, self.producers.ids)])
        run = self._bill(2, date_to=date(2025, 4, 30), class_ids=[(6, 0, self.producers.ids)])
        self.assertEqual(
            self._lines(run), {("B-1", "SW", date(2025, 2, 1)): 50000, ("B-1", "SW", date(2025, 3, 1)): 10000}
        )
        self.assertEqual(run.skipped_note, "1 paid in full")

    def test_query_budget_of_preparing(self):
        """As many queries for thirty members as for three."""
        run = self._create_run()
        with self.assertQueryCount(40):
            run.action_prepare()
            self.env.flush_all()
        first = self._count_queries(run)
        for index in range(27):
            self._create_member(f"Member {index}", f"C-{index}")
        self.env.flush_all()
        self.assertEqual(self._count_queries(run), first)
        self.assertEqual(run.line_count, 29)
        self.assertEqual(Decimal(str(run.amount_total)), 29 * 50000)

    def _count_queries(self, run):
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        run.action_prepare()
        self.env.flush_all()
        return self.cr.sql_log_count - before
