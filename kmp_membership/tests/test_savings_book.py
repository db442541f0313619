import io
import re
from datetime import date

import openpyxl

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .document_common import DAY, DocumentCase


@tagged("post_install", "-at_install")
class TestSavingsBook(DocumentCase):
    def _rows(self, **vals):
        return self._table(self._workbook("savings_book", **vals), "No. Anggota")

    def test_workbook(self):
        *rows, total = self._rows()
        self.assertEqual(
            [
                (
                    row["Tanggal"].date(),
                    row["Simpanan Pokok"],
                    row["Simpanan Wajib"],
                    row["Simpanan Sukarela"],
                    row["Jumlah"],
                    row["Saldo"],
                )
                for row in rows
            ],
            [
                (date(2025, 2, 1), 100000, None, None, 100000, 100000),
                (date(2025, 3, 10), None, 25000, None, 25000, 125000),
                (date(2025, 4, 1), None, None, 7000.5, 7000.5, 132000.5),
                (date(2025, 5, 1), None, None, -2000, -2000, 130000.5),
            ],
        )
        self.assertEqual(
            (total["Simpanan Pokok"], total["Simpanan Wajib"], total["Simpanan Sukarela"], total["Saldo"]),
            (100000, 25000, 5000.5, 130000.5),
        )
        for account, name in (
            (self.pokok_account, "Simpanan Pokok"),
            (self.sukarela_account, "Simpanan Sukarela"),
        ):
            self.assertEqual(total[name], self._ledger_balance(account, self.member.partner_id, DAY))
        self.assertTrue(all(row["Bukti"].startswith("UMUM/") and row["Uraian"] == "item" for row in rows))

    def test_carried_forward(self):
        *rows, total = self._rows(date_from=date(2025, 4, 1))
        self.assertEqual([row["Uraian"] for row in rows], ["Saldo awal", "item", "item"])
        self.assertEqual(
            (rows[0]["Tanggal"], rows[0]["Simpanan Pokok"], rows[0]["Simpanan Wajib"], rows[0]["Saldo"]),
            (None, 100000, 25000, 125000),
        )
        self.assertEqual((rows[-1]["Saldo"], total["Saldo"]), (130000.5, 130000.5))

    def test_one_voucher_is_one_row(self):
        move = self._create_entry(self.pokok_account, self.member.partner_id, 10, day=date(2025, 6, 1))
        move.write(
            {
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.wajib_account.id,
                            "partner_id": self.member.partner_id.id,
                            "balance": -20,
                            "name": "wajib",
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.wajib_account.id,
                            "partner_id": self.member.partner_id.id,
                            "balance": -5,
                            "name": "denda",
                        }
                    ),
                    Command.create({"account_id": self.cash.id, "balance": 25, "name": "kas"}),
                ]
            }
        )
        move.action_post()
        row = self._rows()[-2]
        self.assertEqual(
            (row["Simpanan Pokok"], row["Simpanan Wajib"], row["Jumlah"], row["Uraian"]),
            (10, 25, 35, "item; wajib; denda"),
        )

    def test_members_apart(self):
        other = self._create_member("Ani", "A-00")
        self._create_entry(self.pokok_account, other.partner_id, 40, day=date(2025, 6, 1)).action_post()
        rows = self._rows()
        self.assertEqual([row["No. Anggota"] for row in rows[:-1]], ["A-00"] + ["A-01"] * 4)
        self.assertEqual([rows[0]["Saldo"], rows[-2]["Saldo"], rows[-1]["Saldo"]], [40, 130000.5, 130040.5])
        self.assertEqual(len(self._rows(membership_ids=[Command.set(other.ids)])), 2)

    def test_printed_book(self):
        empty = self._create_member("Ani", "A-00")
        html = self._html("savings_book", membership_ids=[Command.set((self.member | empty).ids)])
        text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))
        self.assertIn("132.000,50", text)
        self.assertIn("(2.000,00)", text)
        self.assertIn("Saldo pada akhir 30 Juni 2025 100.000,00", text)
        self.assertIn("Rp130.000,50", text)
        self.assertIn("Belum ada simpanan.", text)
        self.assertNotIn("999,00", text)

    def test_a_print_needs_members(self):
        with self.assertRaisesRegex(UserError, "Choose the members"):
            self._html("savings_book")

    def test_days_in_order(self):
        with self.assertRaisesRegex(UserError, "lies after"):
            self._wizard("savings_book", date_from=date(2025, 7, 1)).action_export()

    def test_archived_type_with_a_balance_is_listed(self):
        self.pokok.active = False
        self.assertEqual(self._rows()[-1]["Simpanan Pokok"], 100000)

    def test_another_company(self):
        wizard = self._wizard("savings_book", self.other_officer, company_id=self.other_company.id)
        wizard.sudo().membership_ids = self.member
        with self.assertRaises(AccessError):
            self._report(self.other_officer)._render_xlsx("kmp_membership.savings_book_xlsx", wizard.ids, {})
        wizard.sudo().membership_ids = False
        content = self._report(self.other_officer)._render_xlsx(
            "kmp_membership.savings_book_xlsx", wizard.ids, {}
        )[0]
        values = [
            cell
            for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
            for cell in row
        ]
        self.assertNotIn("A-01", values)

    def test_opened_from_a_member(self):
        context = {
            "default_document": "savings_book",
            "active_model": "kmp.membership",
            "active_ids": self.member.ids,
        }
        wizard = Form(self.env["kmp.document.wizard"].with_user(self.clerk).with_context(**context)).save()
        self.assertEqual(wizard.membership_ids, self.member)
        self.assertIn("Budi", wizard.file_name)
