import base64
import csv
import io

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .payout_common import DAY, PayoutCase

CSV = "kmp_shu.bank_file_format_csv"
FIXED = "kmp_shu.bank_file_format_fixed"


@tagged("post_install", "-at_install")
class TestBankTransfer(PayoutCase):
    def setUp(self):
        super().setUp()
        self.format = self.env.ref(CSV)

    def prepare_transfer(self, run, **vals):
        return self.prepare(run, "bank", **{"bank_format_id": self.format.id, **vals})

    def export(self, payout, user=None):
        payout.with_user(user or self.accountant).action_export_bank_file()
        return base64.b64decode(payout.bank_file)

    def test_the_file_and_the_entry(self):
        self.set_up_bank_accounts(self.first, self.second)
        run = self.post_run()
        payout = self.confirm(self.prepare_transfer(run))
        rows = list(csv.reader(io.StringIO(self.export(payout).decode())))
        self.assertEqual(rows[0][:3], ["No", "Account Number", "Account Name"])
        self.assertEqual(
            rows[1:],
            [
                ["1", "00A1", "Member A-1", "", "IDR", "380", DAY, "SHU 2025", "A-1"],
                ["2", "00A2", "Member A-2", "", "IDR", "321", DAY, "SHU 2025", "A-2"],
            ],
        )
        self.assertEqual(payout.bank_file_name, f"{payout.name.replace('/', '-')}.csv")
        self.assertEqual(self.export(payout, self.officer), base64.b64decode(payout.bank_file))
        payout.action_post()
        self.assertEqual(self.items(payout.move_id)[self.outstanding, self.env["res.partner"]], -701)
        self.assertEqual(self.amounts(run), {"A-1": (380, 0), "A-2": (321, 0)})
        self.assert_ties()

    def test_fixed_widths(self):
        self.set_up_bank_accounts(self.first)
        self.first.partner_id.name = "José " + "Very Long Name " * 4
        self.format = self.env.ref(FIXED)
        payout = self.prepare_transfer(self.post_run(), selection="numbers", numbers="A-1")
        [line] = self.export(self.confirm(payout)).decode("ascii").split("\r\n")[:-1]
        name = ("Jose " + "Very Long Name " * 4)[:35]
        self.assertEqual(line, f"100000120260315{'00A1':20}{name}{'38000':0>17}{'SHU 2025':20}")

    def test_who_has_no_account_is_named_before(self):
        self.set_up_bank_accounts(self.first)
        payout = self.prepare_transfer(self.post_run())
        self.assertEqual(payout.problem_count, 1)
        [missing] = payout.line_ids.search([("payout_id", "=", payout.id), ("problem", "!=", False)])
        self.assertEqual((missing.number, missing.problem), ("A-2", "no_account"))
        with self.assertRaisesRegex(UserError, "A-2 Member A-2: No bank account"):
            self.confirm(payout)
        self.set_up_bank_accounts(self.second)
        payout.action_propose_accounts()
        self.confirm(payout)

    def test_another_currency_than_the_companys_is_refused(self):
        """Neither out of a journal in dollars, nor to an account in dollars."""
        account, _other = self.set_up_bank_accounts(self.first, self.second)
        usd = self.env.ref("base.USD")
        usd.active = True
        payout = self.prepare_transfer(self.post_run())
        account.currency_id = usd
        with self.assertRaisesRegex(
            UserError, "A-1 Member A-1: The bank account is kept in another currency"
        ):
            self.confirm(payout)
        account.currency_id = self.company.currency_id
        self.bank_journal.currency_id = usd
        with self.assertRaisesRegex(UserError, "is in IDR, and Bank .* is kept in USD"):
            self.confirm(payout)
        self.assertNotIn(self.bank_journal, payout._get_journals())

    def test_an_account_changed_after_the_confirmation_gets_nothing(self):
        account, _other = self.set_up_bank_accounts(self.first, self.second)
        payout = self.confirm(self.prepare_transfer(self.post_run()))
        account.acc_number = "666"
        for step in (payout.action_export_bank_file, payout.action_post):
            with self.assertRaisesRegex(UserError, "A-1.*bank account has changed"), self.env.cr.savepoint():
                step()
        payout.action_reset_to_draft()
        self.confirm(payout)
        self.assertIn(b"666", self.export(payout))

    def test_an_account_of_somebody_else_is_refused(self):
        self.set_up_bank_accounts(self.first)
        [other] = self.set_up_bank_accounts(self.second)
        payout = self.prepare_transfer(self.post_run())
        with self.assertRaisesRegex(ValidationError, "is not of Member A-1"):
            self.lines(payout)["A-1"].partner_bank_id = other

    def test_what_the_bank_did_not_execute_stays_open(self):
        self.set_up_bank_accounts(self.first, self.second)
        run = self.post_run()
        payout = self.confirm(self.prepare_transfer(run))
        self.lines(payout)["A-1"].action_unsettle()
        payout.action_post()
        self.assertEqual(self.amounts(run), {"A-1": (0, 380), "A-2": (321, 0)})
        self.assert_ties()

    def test_a_name_is_no_formula_and_no_column(self):
        self.set_up_bank_accounts(self.first, self.second)
        self.first.partner_id.name = '=cmd|"/c calc"!A1'
        self.second.partner_id.name = '+Siti\n"; DROP, \u202eTABLE\t@1'
        content = self.export(self.confirm(self.prepare_transfer(self.post_run()))).decode()
        rows = list(csv.reader(io.StringIO(content)))
        self.assertEqual([len(row) for row in rows], [9, 9, 9])
        self.assertEqual(rows[1][2], 'cmd|"/c calc"!A1')
        self.assertEqual(rows[2][2], 'Siti "; DROP, \u202eTABLE @1')
        self.assertFalse([cell for row in rows for cell in row if cell and cell[0] in "=+-@"])

    def test_an_account_is_never_cut(self):
        [account] = self.set_up_bank_accounts(self.first)
        account.acc_number = "1" * 30
        self.format = self.env.ref(FIXED)
        payout = self.confirm(self.prepare_transfer(self.post_run(), selection="numbers", numbers="A-1"))
        with self.assertRaisesRegex(UserError, "does not fit into the column Account"):
            payout.action_export_bank_file()

    def test_a_format_without_an_amount_is_refused(self):
        self.assertIn("125000", self.format.preview)
        amount = self.format.column_ids.filtered(lambda column: column.kind == "amount")
        with self.assertRaisesRegex(ValidationError, "one for the amount"):
            self.format.write({"column_ids": [Command.delete(amount.id)]})


@tagged("post_install", "-at_install")
class TestHeirs(PayoutCase):
    def test_the_share_of_who_died_goes_to_the_heirs(self):
        run = self.post_run()
        self.decease(self.first)
        payout = self.prepare(run)
        line = self.lines(payout)["A-1"]
        with self.assertRaisesRegex(UserError, "A-1.*enter the heir"):
            self.confirm(payout)
        son, daughter = self.env["res.partner"].create([{"name": "Son"}, {"name": "Daughter"}])
        self.first.heir_id = daughter
        payout.unlink()
        payout = self.prepare(run)
        line = self.lines(payout)["A-1"]
        self.assertEqual((line.receiver_id, self.lines(payout)["A-2"].receiver_id), (daughter, son.browse()))
        line.write({"receiver_id": son.id, "amount": 200})
        with self.assertRaisesRegex(UserError, "document of who inherits"):
            self.confirm(payout)
        line.document = "SKW 7/2026"
        self.env["kmp.shu.payout.line"].with_user(self.accountant).create(
            {
                "payout_id": payout.id,
                "share_id": line.share_id.id,
                "receiver_id": daughter.id,
                "amount": 180,
                "document": "SKW 7/2026",
            }
        )
        self.confirm(payout).with_user(self.clerk).action_settle_all()
        payout.action_post()
        self.assertEqual(self.amounts(run), {"A-1": (380, 0), "A-2": (321, 0)})
        payable = self.accounts["payable"]
        self.assertEqual(self.items(payout.move_id)[payable, self.first.partner_id], 380)
        self.assertTrue(all(run._get_payable_items().mapped("reconciled")))
        self.assert_ties()

    def test_nobody_else_is_paid_in_place_of_a_member(self):
        payout = self.prepare(self.post_run())
        self.lines(payout)["A-1"].receiver_id = self.env["res.partner"].create({"name": "Neighbour"})
        with self.assertRaisesRegex(UserError, "A-1.*Only an heir may be paid"):
            self.confirm(payout)

    def test_who_has_left_is_still_paid(self):
        run = self.post_run()
        self.env["kmp.membership.step.wizard"].with_user(self.officer).create(
            {
                "kind": "resign",
                "leaving_kind": "resign",
                "membership_ids": self.first.ids,
                "date": "2026-02-01",
            }
        ).action_confirm()
        self.assertEqual(self.first.state, "left")
        self.assertEqual(self.pay(run).amount, 701)


@tagged("post_install", "-at_install")
class TestOffset(PayoutCase):
    def setUp(self):
        super().setUp()
        self.receivable = self._create_account("120001", "Piutang Simpanan", "asset_receivable")
        self.company.write(
            {
                "kmp_dues_receivable_account_id": self.receivable.id,
                "kmp_dues_called_account_id": self._create_account(
                    "120002", "Belum Disetor", "asset_current"
                ),
                "kmp_dues_journal_id": self.misc_journal.id,
            }
        )
        self.env["kmp.share.term"].create(
            {
                "class_id": self.classes["K"].id,
                "share_type_id": self.wajib.id,
                "amount": 150,
                "frequency": "monthly",
                "date_from": "2026-01-01",
            }
        )

    def bill(self, month):
        run = self.env["kmp.contribution.run"].create(
            {
                "company_id": self.company.id,
                "date_from": f"2026-{month:02}-01",
                "date_to": f"2026-{month:02}-28",
                "date": f"2026-{month:02}-01",
            }
        )
        run.action_prepare()
        run.with_user(self.officer).action_bill()

    def held(self, membership):
        return self.wajib._get_holdings("2099-12-31").get((membership.partner_id.id, self.wajib.id), 0)

    def test_dues_are_paid_and_become_shares(self):
        run = self.post_run()
        self.bill(1)
        self.bill(2)
        self.bill(3)
        payout = self.prepare(run, "offset")
        # Each owes 450: the whole share goes.
        self.assertEqual({line.number: line.amount for line in payout.line_ids}, {"A-1": 380, "A-2": 321})
        self.confirm(payout)
        payout.action_post()
        self.assertEqual((self.held(self.first), self.held(self.second)), (380, 321))
        self.assertEqual((self.first.dues_open, self.second.dues_open), (70, 129))
        self.assertEqual(self.items(payout.move_id)[self.receivable, self.first.partner_id], -380)
        self.assertEqual(self.amounts(run), {"A-1": (380, 0), "A-2": (321, 0)})
        self.assert_ties()
        payout.action_reverse()
        self.assertEqual((self.held(self.first), self.first.dues_open), (0, 450))
        self.assertEqual(self.amounts(run), {"A-1": (0, 380), "A-2": (0, 321)})
        self.assert_ties()

    def test_no_more_than_is_owed(self):
        run = self.post_run()
        self.bill(3)
        payout = self.prepare(run, "offset")
        self.assertEqual(payout.line_ids.mapped("amount"), [150, 150])
        self.lines(payout)["A-1"].amount = 151
        with self.assertRaisesRegex(UserError, "A-1.*More than the member owes of dues"):
            self.confirm(payout)
        self.lines(payout)["A-1"].amount = 150
        self.confirm(payout).action_post()
        self.assertEqual(self.amounts(run), {"A-1": (150, 230), "A-2": (150, 171)})
        with self.assertRaisesRegex(UserError, "Nobody of those chosen"):
            self.prepare(run, "offset")

    def test_dues_paid_in_the_meantime(self):
        run = self.post_run()
        self.bill(3)
        payout = self.confirm(self.prepare(run, "offset"))
        self.env["kmp.contribution.payment"].with_user(self.officer).create(
            {"membership_ids": self.first.ids, "journal_id": self.cash_journal.id, "date": DAY}
        ).action_confirm()
        with self.assertRaisesRegex(UserError, "A-1.*More than the member owes of dues"):
            payout.action_post()
        self.assertEqual(payout.state, "confirmed")


@tagged("post_install", "-at_install")
class TestIntoShares(PayoutCase):
    CONSENT = {"consent_date": "2026-03-10", "document": "12/2026"}

    def prepare_conversion(self, run, **vals):
        return self.prepare(run, "share", share_type_id=self.wajib.id, **vals)

    def held(self, membership, day="2099-12-31"):
        return self.wajib._get_holdings(day).get((membership.partner_id.id, self.wajib.id), 0)

    def test_shares_with_consent(self):
        run = self.post_run()
        payout = self.confirm(self.prepare_conversion(run, **self.CONSENT))
        payout.action_post()
        self.assertEqual((self.held(self.first), self.held(self.second)), (380, 321))
        self.assertEqual(self.held(self.first, "2026-03-14"), 0)
        operation = self.lines(payout)["A-1"].operation_id.sudo()
        self.assertEqual((operation.kind, operation.state, operation.amount), ("deposit", "posted", 380))
        self.assertFalse(payout.move_id)
        self.assertTrue(all(run._get_payable_items().mapped("reconciled")))
        self.assertEqual(self.amounts(run), {"A-1": (380, 0), "A-2": (321, 0)})
        self.assert_ties()
        with self.assertRaisesRegex(UserError, rf"part of the payout {payout.name}"):
            operation.with_user(self.officer)._reverse(operation.date, "by hand")
        payout.action_reverse()
        self.assertEqual((self.held(self.first), operation.state), (0, "reversed"))
        self.assertEqual(self.amounts(run), {"A-1": (0, 380), "A-2": (0, 321)})
        self.assert_ties()

    def test_no_shares_without_consent(self):
        payout = self.prepare_conversion(self.post_run())
        with self.assertRaisesRegex(UserError, "A-1.*the day and the document of the member's consent"):
            self.confirm(payout)
        payout.line_ids.write({"consent_date": "2026-03-16", "document": "12/2026"})
        with self.assertRaisesRegex(UserError, "A-1.*consent is dated after the payout"):
            self.confirm(payout)
        payout.line_ids.write({"consent_date": "2026-03-15"})
        self.confirm(payout)

    def test_who_has_left_gets_no_shares(self):
        run = self.post_run()
        self.decease(self.first)
        with self.assertRaisesRegex(UserError, "A-1.*Not a member any more"):
            self.confirm(self.prepare_conversion(run, **self.CONSENT))

    def test_above_the_limit_by_class_each_member_has_an_operation(self):
        self.company.shu_member_line_limit = 1
        run = self.post_run()
        payout = self.confirm(self.prepare_conversion(run, **self.CONSENT))
        payout.action_post()
        self.assertEqual((self.held(self.first), self.held(self.second)), (380, 321))
        self.assertTrue(run._get_payable_items().reconciled)
        self.assert_ties()
