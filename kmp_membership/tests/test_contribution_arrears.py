from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .contribution_common import ContributionCase


@tagged("post_install", "-at_install")
class TestContributionArrears(ContributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi", "B-1")
        cls.siti = cls._create_member("Siti", "B-2", cls.consumers)
        cls.budi.partner_id.email = "budi@example.com"
        cls.runs = [cls._bill(month) for month in (1, 2, 3, 4)]  # due on the 15th of each month

    def _arrears(self, member, user=None):
        self.env.invalidate_all()
        return self.env["kmp.contribution.arrears"].with_user(user or self.clerk).browse(member.ids)

    def test_ages(self):
        """On 16 April: January is 91 days old, February 60, March 32, April 1."""
        with freeze_time("2025-04-16"):
            self.assertRecordValues(
                self._arrears(self.budi),
                [
                    {
                        "amount_not_due": 0,
                        "amount_30": 50000,
                        "amount_60": 100000,
                        "amount_90": 0,
                        "amount_older": 50000,
                        "amount_due": 200000,
                        "amount_open": 200000,
                        "item_count": 4,
                        "date_oldest": date(2025, 1, 15),
                    }
                ],
            )

    def test_borders(self):
        """Counting from 15 January: the day itself and day 30, then 31 and 60, 61 and 90, then 91."""
        self._match(
            self._pay(self.budi, 150000),
            self.env["kmp.contribution.line"].search(
                [("membership_id", "=", self.budi.id), ("period_from", ">", date(2025, 1, 31))]
            ),
        )
        for day, column in (
            ("2025-01-14", "amount_not_due"),
            ("2025-01-15", "amount_30"),
            ("2025-02-14", "amount_30"),
            ("2025-02-15", "amount_60"),
            ("2025-03-16", "amount_60"),
            ("2025-03-17", "amount_90"),
            ("2025-04-15", "amount_90"),
            ("2025-04-16", "amount_older"),
        ):
            with self.subTest(day), freeze_time(day):
                arrears = self._arrears(self.budi)
                amounts = {
                    name: arrears[name]
                    for name in ("amount_not_due", "amount_30", "amount_60", "amount_90", "amount_older")
                }
                self.assertEqual(amounts, dict.fromkeys(amounts, 0) | {column: 50000})
                self.assertEqual(arrears.amount_due, 0 if column == "amount_not_due" else 50000)
                self.assertEqual((self.budi.dues_due, self.budi.dues_open), (arrears.amount_due, 50000))

    def test_payment_and_cancelling_leave_the_list(self):
        lines = self.env["kmp.contribution.line"].search([("membership_id", "=", self.budi.id)])
        self._match(self._pay(self.budi, 130000), lines)
        with freeze_time("2025-04-16"):
            self.assertEqual(self._arrears(self.budi).amount_open, 70000)
            lines.filtered(lambda line: line.period_from == date(2025, 4, 1))._cancel(
                date(2025, 4, 10), "Hardship"
            )
            self.assertEqual(self._arrears(self.budi).amount_open, 20000)
            self._match(self._pay(self.budi, 20000), lines.filtered("amount_open"))
            found = self.env["kmp.contribution.arrears"].with_user(self.clerk).search([])
            self.assertEqual(found.membership_id, self.siti)

    def test_due_date_put_off(self):
        line = self.runs[0].line_ids.filtered(lambda line: line.membership_id == self.budi)
        line.sudo().move_line_id.with_user(self.accountant).date_maturity = date(2025, 6, 1)
        with freeze_time("2025-04-16"):
            arrears = self._arrears(self.budi)
            self.assertEqual((arrears.amount_not_due, arrears.amount_older), (50000, 0))

    def test_filters_and_totals(self):
        model = self.env["kmp.contribution.arrears"].with_user(self.supervisor)
        with freeze_time("2025-04-16"):
            self.assertEqual(len(model.search([("amount_due", ">", 0)])), 2)
            self.assertEqual(model.search([("partner_id.email", "=", False)]).membership_id, self.siti)
            [(total,)] = model._read_group([], [], ["amount_due:sum"])
            self.assertEqual(total, 400000)
        lines = self.env["kmp.contribution.line"].with_user(self.clerk)
        self.assertEqual(
            lines.search_count([("state", "=", "billed"), ("move_line_id.reconciled", "=", False)]), 8
        )

    def test_reminder(self):
        with freeze_time("2025-04-16"):
            action = self._arrears(self.budi, self.clerk).action_send_reminder()
            composer = Form(
                self.env["mail.compose.message"].with_user(self.clerk).with_context(**action["context"])
            ).save()
            mails = composer._action_send_mail()[0] or self.env["mail.mail"]
        message = self.budi.message_ids.filtered(lambda message: "your dues" in (message.subject or ""))
        self.assertEqual(len(message), 1)
        self.assertIn("Simpanan Wajib, January 2025", message.body)
        self.assertIn("200,000.00", message.body)
        self.assertEqual(message.partner_ids, self.budi.partner_id)
        self.assertFalse(
            self.siti.message_ids.filtered(lambda message: "your dues" in (message.subject or ""))
        )
        del mails

    def test_reminder_to_many(self):
        self.siti.partner_id.email = "siti@example.com"
        with freeze_time("2025-04-16"):
            action = self._arrears(self.budi | self.siti, self.clerk).action_send_reminder()
            composer = Form(
                self.env["mail.compose.message"].with_user(self.clerk).with_context(**action["context"])
            ).save()
            composer._action_send_mail()
        for member in (self.budi, self.siti):
            message = member.message_ids.filtered(lambda message: "your dues" in (message.subject or ""))
            self.assertEqual(len(message), 1, member.display_name)
            self.assertIn(member.partner_id.name, message.body)

    def test_two_companies(self):
        theirs = self.env["kmp.contribution.arrears"].with_user(self.other_officer)
        self.assertFalse(theirs.with_context(allowed_company_ids=self.other_company.ids).search([]))
        with self.assertRaises(AccessError):
            theirs.with_context(allowed_company_ids=self.other_company.ids).browse(self.budi.id).read(
                ["amount_due"]
            )

    def test_query_budget(self):
        """One query for the amounts of a page, whatever the number of members."""
        members = (self.budi | self.siti).with_user(self.clerk)
        for records, name in ((members, "dues_due"), (self._arrears(members), "amount_due")):
            records.mapped(name)
            records.invalidate_recordset([name])
            with self.subTest(name), self.assertQueryCount(2):
                records.mapped(name)
