from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase
from odoo.addons.kmp_membership.tools import unsealed
from odoo.addons.kmp_shu.tests.trade import TradeCase

TODAY = "2026-02-10"


class DashboardMixin:
    def _dashboard(self, user):
        return self.env["kmp.dashboard"].with_user(user).with_context(allowed_company_ids=user.company_id.ids)

    def _card(self, name, user=None):
        self.env.flush_all()
        return self._dashboard(user or self.auditor).get_card(name)

    def _values(self, card):
        """{series: {label: amount}} of what is not zero."""
        return {
            series["label"]: {
                label: Decimal(value)
                for label, value in zip(card["chart"]["labels"], series["values"], strict=True)
                if Decimal(value)
            }
            for series in card["chart"]["series"]
        }

    def _open(self, card, series, label, user=None):
        """The records that a click on a part of a column opens."""
        [found] = [each for each in card["chart"]["series"] if each["label"] == series]
        action = found["actions"][card["chart"]["labels"].index(label)]
        user = user or self.auditor
        model = self.env[action["res_model"]].with_user(user)
        return model.with_context(allowed_company_ids=user.company_id.ids).search(action["domain"])


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestDashboard(DashboardMixin, TradeCase):
    """In 2025 members buy for 3,000 what cost 1,800, others for 7,000 what cost 3,600; it is February 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_member("P-1", "P", "2025-01-01")
        cls.leaver = cls._create_member("P-2", "P", "2024-06-01")
        cls.leaver.period_ids.date_to = "2025-12-31"
        cls._pay_in(cls.member, "2024-12-31", 100)
        cls._pay_in(cls.member, "2026-02-10", 50)
        cls._pay_in(cls.member, "2026-02-11", 1000)
        sales = cls._create_basis("SALES", source="kmp.patronage.source.invoice", is_participation=True)
        cls.scheme = cls._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 50},
            {"code": "JU", "kind": "patronage", "percent": 50, "basis_id": sales.id},
        )
        cls.scheme.with_user(cls.officer).action_put_into_force()

    def setUp(self):
        super().setUp()
        self._invoice("out_invoice", self.contact, 3, 1000)
        self._invoice("out_invoice", self.stranger, 7, 1000)

    def test_members_by_class_and_who_they_are(self):
        card = self._card("members", self.clerk)
        self.assertEqual(
            self._values(card),
            {
                "Class K": dict.fromkeys(("2022", "2023", "2024", "2025", "2026 …"), 1),
                "Class P": {"2024": 1, "2025": 1, "2026 …": 1},
            },
        )
        self.assertEqual(
            (card["headline"]["value"], card["headline"]["note"]), ("2", "+0 since the end of last year")
        )
        self.assertEqual(self._open(card, "Class P", "2024", self.clerk), self.leaver)
        self.assertEqual(self._open(card, "Class K", "2022", self.clerk), self.member)

    def test_who_left_on_the_last_day_is_not_in_the_list(self):
        self.leaver.with_user(self.officer)._apply_step("resign", date(2025, 12, 31))
        card = self._card("members")
        self.assertEqual(self._open(card, "Class P", "2025").mapped("number"), ["P-1"])

    def test_capital_up_to_today_and_its_items(self):
        card = self._card("capital", self.clerk)
        self.assertEqual(self._values(card), {"Simpanan Pokok": {"2024": 100, "2025": 100, "2026 …": 150}})
        self.assertEqual(Decimal(card["headline"]["value"]), 150)
        items = self._open(card, "Simpanan Pokok", "2026 …", self.clerk)
        self.assertEqual(sum(items.mapped("amount")), 150)

    def test_turnover_of_members_and_others(self):
        card = self._card("turnover")
        self.assertEqual(self._values(card), {"Members": {"2025": 3000}, "Non-members": {"2025": 7000}})
        # nothing is sold yet in 2026
        self.assertEqual(
            card["headline"],
            {"value": "30.0", "type": "percentage", "note": "of the turnover of 2025 is with members"},
        )
        items = self._open(card, "Members", "2025")
        self.assertEqual(-sum(items.mapped("balance")), 10000)
        self._invoice("out_invoice", self.contact, 1, 1000, "2026-01-02")
        self._invoice("out_invoice", self.stranger, 2, 1000, "2026-01-02")
        headline = self._card("turnover")["headline"]
        self.assertEqual((headline["value"], headline["type"]), ("33.3", "percentage"))

    def test_an_officer_without_the_ledger_has_no_way_to_its_items(self):
        [members, _others] = self._card("turnover", self.officer)["chart"]["series"]
        self.assertEqual(members["actions"], [None] * 5)

    def test_turnover_that_no_basis_divides(self):
        self.env["kmp.patronage.basis"].search([("company_id", "=", self.company.id)]).active = False
        card = self._card("turnover")
        self.assertEqual(self._values(card), {"Turnover": {"2025": 10000}})
        self.assertIn("no patronage basis", card["headline"]["note"])

    def test_surplus_by_class_and_its_shares(self):
        run = self._create_run(self.scheme, posting_date="2026-02-01")
        run.action_compute()
        card = self._card("surplus", self.officer)
        self.assertEqual(self._values(card), {"Class K": {"2025": 2000}})
        self.assertEqual(
            (Decimal(card["headline"]["value"]), card["headline"]["note"]),
            (2000, "to members by SHU 2025, not posted yet"),
        )
        self.assertEqual(self._open(card, "Class K", "2025", self.officer), run.share_ids)
        [members, _others] = self._card("turnover", self.officer)["chart"]["series"]
        self.assertEqual(members["actions"][3]["res_id"], run.id)

    def _statuses(self, user=None):
        return [(row["date"], row["days"], row["status"]) for row in self._card("dates", user)["rows"]]

    def test_legal_dates_without_a_meeting(self):
        report, meeting = ("2026-05-30", 109), ("2026-06-30", 140)
        year_end = ("2026-12-31", 324, "later")
        self.assertEqual(self._statuses(self.clerk), [(*report, "later"), (*meeting, "later"), year_end])
        with freeze_time("2026-05-31"):
            self.assertEqual([row[1:] for row in self._statuses()][:2], [(-1, "late"), (30, "soon")])

    def test_a_planned_meeting_brings_the_report_forward(self):
        meeting = self.env["kmp.meeting"].create({"name": "RAT 2025", "date": "2026-03-20 03:00:00"})
        [report, row, _end] = self._card("dates")["rows"]
        self.assertEqual((report["date"], report["status"]), ("2026-02-20", "soon"))
        self.assertEqual((row["date"], row["action"]["res_id"]), ("2026-06-30", meeting.id))
        self.assertIn("03/20/2026", row["note"])

    def test_a_signed_report_is_done_before_the_meeting(self):
        pack = self.env["kmp.rat.pack"].create({"date_to": "2025-12-31", "company_id": self.company.id})
        [report, _meeting, _end] = self._card("dates")["rows"]
        self.assertEqual((report["status"], report["action"]["res_id"]), ("later", pack.id))
        self.assertIsNone(self._card("dates", self.clerk)["rows"][0]["action"])
        pack.meeting_date = "2026-04-20"
        self.assertEqual(self._card("dates")["rows"][0]["date"], "2026-03-20")
        unsealed(pack).state = "signed"
        self.assertEqual([row[2] for row in self._statuses()], ["done", "later", "later"])

    def test_a_posted_distribution_shows_that_the_meeting_was_held(self):
        run = self._create_run(self.scheme, posting_date="2026-02-01")
        run.action_compute()
        self._approve(run)
        run.with_user(self.accountant).action_post()
        self.assertEqual([row[2] for row in self._statuses(self.clerk)], ["done", "done", "later"])

    def test_each_sees_the_cards_of_their_rights(self):
        everything = ["dates", "members", "capital", "turnover", "surplus", "arrears"]
        for user in (self.officer, self.supervisor, self.auditor, self.accountant):
            self.assertEqual(self._dashboard(user).get_overview()["cards"], everything)
            for name in everything:
                self.assertTrue(self._card(name, user)["title"])
        overview = self._dashboard(self.clerk).get_overview()
        self.assertEqual(overview["cards"], ["dates", "members", "capital", "arrears"])
        for name in ("turnover", "surplus"):
            with self.assertRaises(AccessError):
                self._card(name, self.clerk)
        with self.assertRaises(AccessError):
            self._dashboard(self.outsider).get_overview()
        for name in everything:
            with self.assertRaises(AccessError):
                self._card(name, self.outsider)

    def test_an_unknown_card_is_refused(self):
        for name in ("members_card", "__class__", ""):
            with self.assertRaises(UserError):
                self._card(name)

    def test_another_company_sees_its_own_and_is_told_where_to_begin(self):
        overview = self._dashboard(self.other_officer).get_overview()
        self.assertEqual((overview["company"], overview["is_set_up"]), ("Koperasi Lain", False))
        self.assertEqual(overview["start"], "kmp_membership.setup_assistant_action")
        self.assertIsNone(self._dashboard(self.auditor).get_overview()["start"])
        for name in ("members", "capital", "turnover", "surplus", "arrears"):
            card = self._card(name, self.other_officer)
            self.assertIsNone(card["chart"])
            self.assertTrue(card["empty"]["text"] and self.env.ref(card["empty"]["action"]))


@freeze_time("2025-05-15")
@tagged("post_install", "-at_install")
class TestDashboardArrears(DashboardMixin, ContributionCase):
    """Two members owe Rp50,000 each for January and for April 2025; it is the middle of May."""

    def test_dues_by_age(self):
        ani = self._create_member("Ani", "1")
        self._create_member("Budi", "2", self.consumers)
        january, april = self._bill(1), self._bill(4)
        self._match(self._pay(ani, 50000), january.line_ids.filtered(lambda line: line.membership_id == ani))
        ages = {run: (date(2025, 5, 15) - run.line_ids[0].date_due).days for run in (january, april)}
        self.assertEqual([ages[january] > 90, 0 <= ages[april] <= 60], [True, True])
        card = self._card("arrears", self.clerk)
        [amounts] = self._values(card).values()
        label = "0–30 Days" if ages[april] <= 30 else "31–60 Days"
        self.assertEqual(amounts, {label: 100000, "Over 90 Days": 50000})
        self.assertEqual(
            (Decimal(card["headline"]["value"]), card["headline"]["note"]), (150000, "owed by 2 members")
        )
        owing = self._open(card, "Dues in arrears, by age", "Over 90 Days", self.clerk)
        self.assertEqual(owing.membership_id.number, "2")
