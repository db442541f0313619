import csv
import io
import zipfile
from decimal import Decimal

from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from ..engine import ledger
from ..sql.ledger import safe
from .common import AuditCase

FORMULA = "=cmd|' /C calc'!A0"


@tagged("post_install", "-at_install")
class TestLedger(AuditCase, HttpCase):
    """The ledger as the auditor takes it home: every item, exact, safe to open, and its control totals."""

    def setUp(self):
        super().setUp()
        self._earn("2024-06-01", 70)
        self._earn_year()
        self.member_entry = self._pay_in(self.members["PRO-1"], "2025-03-01", 12)
        self.member_entry.line_ids.write({"name": "-1\nsecond line"})
        self.audit = self._create_audit()

    def _read(self):
        file = io.BytesIO()
        self.audit._write_ledger_zip(file)
        with zipfile.ZipFile(file) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _items(self, files):
        return list(ledger.items(io.BytesIO(files["ledger.csv"])))

    def _totals(self, files):
        return ledger.totals(io.BytesIO(files["ledger-totals.csv"]))

    def test_every_item_and_its_totals(self):
        files = self._read()
        self.assertEqual(list(files), ["ledger.csv", "ledger-totals.csv", "SHA256SUMS"])
        items, totals = self._items(files), self._totals(files)
        whole = ledger.check(items, totals)
        debit, credit, count = self._ledger(
            """SELECT SUM(debit)::text, SUM(credit)::text, COUNT(*) FROM account_move_line
                WHERE company_id = %s AND parent_state = 'posted' AND date BETWEEN '2025-01-01' AND '2025-12-31'""",
            self.company.id,
        )
        self.assertEqual(whole, (Decimal(debit), Decimal(credit), count))
        self.assertEqual((len(items), whole.debit), (16, 2_001_012))

    def test_totals_by_account(self):
        totals = {total.account: total for total in self._totals(self._read())}
        # opening: 70 earned before the year
        self.assertEqual(totals["110001"], ("110001", "Kas", 70, 1_501_012, 500_000, 1_001_082, 8))
        self.assertEqual(totals["401000"][2:], (0, 0, 1_500_000, -1_500_000, 1))
        self.assertEqual(totals[""], ("", "Results of earlier years", -70, 0, 0, -70, 0))

    def test_texts_are_no_formulas(self):
        files = self._read()
        rows = list(csv.reader(io.StringIO(files["ledger.csv"].decode("utf-8-sig"))))
        self.assertEqual(rows[0], list(ledger.COLUMNS))
        named = next(row for row in rows if row[6] == "PRO-1" and row[10] == "12")
        self.assertEqual(named[5], f"'{FORMULA}")
        self.assertEqual(named[7], "'-1 second line")
        self.assertEqual(
            (named[0], named[1], named[2], named[3]), ("UMUM", self.member_entry.name, "2025-03-01", "310001")
        )
        self.assertEqual(ledger.plain(named[5]), FORMULA)
        dangerous = [cell for row in rows[1:] for cell in row[:9] if cell[:1] in tuple("=+-@")]
        self.assertEqual(dangerous, [])

    def test_python_and_sql_make_texts_safe_alike(self):
        for text in ("=1", "+1", "-1", "@x", "\tx", "'x", "x=1", "", "Ani", "x'y"):
            [[found]] = self.env.execute_query(self._get_safe_query(text))
            self.assertEqual(found, ledger.safe(text))
            self.assertEqual(ledger.plain(found), text)

    def _get_safe_query(self, text):
        return SQL("SELECT %s", safe(SQL("%s::text", text)))

    def test_a_ledger_that_was_changed(self):
        files = self._read()
        items, totals = self._items(files), self._totals(files)
        cases = {
            "Account 110001: the items": items[1:],
            "Account 401000": [
                item | {"credit": item["credit"] + 1} if item["account"] == "401000" else item
                for item in items
            ],
            "without a control total: 999": [*items, items[0] | {"account": "999"}],
        }
        for message, changed in cases.items():
            with self.subTest(message), self.assertRaisesRegex(ledger.LedgerError, message):
                ledger.check(changed, totals)
        with self.assertRaisesRegex(ledger.LedgerError, "closing|opening"):
            ledger.check(items, [totals[0]._replace(closing=totals[0].closing + 1), *totals[1:]])

    def test_download(self):
        self.env.flush_all()
        response = self._get(self.auditor)
        self.assertEqual(response.status_code, 200)
        self.assertIn("Koperasi-Uji-2025-ledger.zip", response.headers["Content-Disposition"])
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            self.assertEqual(archive.read("ledger.csv"), self._read()["ledger.csv"])

    def test_others_do_not_download(self):
        self.env.flush_all()
        stranger = self._create_user("stranger", "kmp_membership.group_auditor", self.other_company)
        for user in (self.clerk, self.officer, self.accountant, self.other_officer, self.outsider, stranger):
            for what in ("ledger", "bundle"):
                with self.subTest(user.login):
                    self.assertEqual(self._get(user, what).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(f"/kmp_audit/ledger/{self.audit.id}").url)

    def _get(self, user, what="ledger"):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/kmp_audit/{what}/{self.audit.id}")
