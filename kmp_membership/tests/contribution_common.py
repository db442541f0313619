from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.tools import SQL

from .common import MembershipCase


class ContributionCase(MembershipCase):
    """The two co-operatives with accounts for dues; both classes owe Rp50,000 of simpanan wajib a month from 2025 on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.receivable = cls._create_account("120001", "Piutang Simpanan", "asset_receivable")
        cls.called = cls._create_account("120002", "Simpanan Belum Disetor", "asset_current")
        cls.expense = cls._create_account("510001", "Beban", "expense")
        cls.company.write(
            {
                "kmp_dues_receivable_account_id": cls.receivable.id,
                "kmp_dues_called_account_id": cls.called.id,
                "kmp_dues_journal_id": cls.misc_journal.id,
            }
        )
        cls.terms = cls._create_terms(cls.wajib, amount=50000, frequency="monthly")

    @classmethod
    def _create_terms(cls, share_type, classes=None, **vals):
        """The same term for some classes, by default for both."""
        return cls.env["kmp.share.term"].create(
            [
                {"class_id": each.id, "share_type_id": share_type.id, "date_from": date(2025, 1, 1), **vals}
                for each in classes or cls.producers | cls.consumers
            ]
        )

    @classmethod
    def _create_run(cls, month=1, **vals):
        """A draft, entered and prepared by a clerk, for the month of 2025 given."""
        last_day = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30}[month]
        run = (
            cls.env["kmp.contribution.run"]
            .with_user(cls.clerk)
            .create(
                {
                    "date_from": date(2025, month, 1),
                    "date_to": date(2025, month, last_day),
                    "date": date(2025, month, 1),
                    "company_id": cls.company.id,
                    **vals,
                }
            )
        )
        run.action_prepare()
        return run

    @classmethod
    def _bill(cls, month=1, **vals):
        run = cls._create_run(month, **vals).with_user(cls.officer)
        run.action_bill()
        return run

    def _lines(self, run):
        """{(member number, share type code, first day): amount} of the lines of a run."""
        return {
            (line.membership_id.number, line.share_type_id.code, line.period_from): line.amount
            for line in run.line_ids
        }

    @classmethod
    def _pay(cls, member, amount, day=date(2025, 2, 10), journal=None):
        """A payment as an accountant enters it, posted and not matched yet. Returns its item on the receivable."""
        move = cls.env["account.move"].create(
            {
                "journal_id": (journal or cls.cash_journal).id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": cls.cash.id, "balance": amount, "name": "paid"}),
                    Command.create(
                        {
                            "account_id": cls.receivable.id,
                            "partner_id": member.partner_id.id,
                            "balance": -amount,
                            "name": "paid",
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda item: item.account_id == cls.receivable)

    @classmethod
    def _match(cls, payment, lines):
        (payment | lines.sudo().move_line_id).with_user(cls.accountant).reconcile()

    def _balance(self, account, day=date(2099, 12, 31)):
        """Debit less credit of the posted items, straight from the table."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT COALESCE(SUM(balance), 0)::text FROM account_move_line
                    WHERE account_id = %s AND parent_state = 'posted' AND date <= %s""",
                account.id,
                day,
            )
        )
        return Decimal(rows[0][0])

    def _holding(self, member, share_type=None, day=date(2099, 12, 31)):
        share_type = share_type or self.wajib
        return share_type._get_holdings(day).get((member.partner_id.id, share_type.id), Decimal())

    def _check_invariants(self):
        """What is called and not paid equals what the members owe; the register equals the ledger; nothing moved twice."""
        self.env.flush_all()
        [(open_dues, billed, moved)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(aml.amount_residual), 0)::text, COALESCE(SUM(l.amount - COALESCE(l.amount_waived, 0)), 0)::text,
                       (SELECT COALESCE(SUM(t.amount), 0)::text FROM kmp_contribution_transfer t
                         WHERE t.company_id = %(company)s AND t.reversal_move_id IS NULL)
                  FROM kmp_contribution_line l JOIN account_move_line aml ON aml.id = l.move_line_id
                 WHERE l.company_id = %(company)s AND l.state = 'billed'
                """,
                company=self.company.id,
            )
        )
        self.assertEqual(-self._balance(self.called), Decimal(open_dues))
        self.assertEqual(Decimal(billed) - Decimal(moved), Decimal(open_dues))
        moved_by_entries = (
            self.env["account.move.line"]
            .search(
                [
                    ("move_id.kmp_dues_kind", "=", "transfer"),
                    ("account_id", "in", (self.pokok_account + self.wajib_account).ids),
                ]
            )
            .mapped("balance")
        )
        self.assertEqual(Decimal(str(-round(sum(moved_by_entries), 2))), Decimal(moved))


class TwoMembersCase(ContributionCase):
    """With a member in each of two classes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budi = cls._create_member("Budi", "B-1")
        cls.siti = cls._create_member("Siti", "B-2", cls.consumers)
