from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

# Places of accounts, see `account_place.py`.
FIXED = ("land", "building", "vehicle", "equipment", "fixed_asset", "intangible")
INVESTING = (*FIXED, "depreciation", "cooperative_stake", "investment", "other_asset")
FINANCING = (
    "share_membership",
    "share_compulsory",
    "share_special",
    "share_participation",
    "savings",
    "member_debt",
    "bank",
    "bank_current",
    "grant",
    "undistributed",
    "reserve",
    "reserve_risk",
    "shu_payable",
    "fund",
)
PAYABLE = ("payable",)
OTHER_RESULT = ("other_income", "other_expense")


class AssetFlows(NamedTuple):
    """In rupiah. `owed` is by how much the debt for assets grew in the period; `gain`, what their disposal earned, is negative for a loss."""

    owed: Decimal
    gain: Decimal


class KmpCashFlows(models.AbstractModel):
    """What a statement of cash flows needs beside the change of each account.

    The indirect method takes the change of every account as a flow, so the flows always are the change of cash. Three things only move
    amounts between its lines, each by the same amount on both sides, so the sum stays that:

    - **Assets on credit.** What is still owed on the entry that brought an asset is neither an investment nor a loan from suppliers: it
      leaves both lines, and comes back when it is paid. Of an entry for an asset and other things (its tax) each payment pays all in
      proportion. What pays is what is reconciled with it. An entry that has capital or loans too (an opening one) is no purchase.
    - **Disposal.** What stands under other income and expense in the entry that takes an asset from the books is its gain or loss. It goes
      from the operating to the investing activities, which then show the proceeds.
    - **Entries without cash.** An entry between investing and financing accounts alone (equipment as a grant, surplus that becomes shares) is
      left out of all lines (`account.move.line.kmp_is_without_cash`) and told in the notes.

    Depreciation is what accounts of that place say: it is added to the surplus and taken from the assets. Not told apart: an asset that is
    owed on an account nobody reconciles, and surplus that is set off against an invoice; these count as paid.
    (Standard: IFRS for SMEs 7.7-7.8, 7.10, 7.18-7.19, which SAK Entitas Privat follows.)
    """

    _name = "kmp.cash.flows"
    _description = "What Cash Flows Are Made of"

    @api.model
    def _get_asset_flows(self, company, date_from, date_to):
        """The `AssetFlows` of a period, both days included. Query budget: three, and that of the places."""
        owed = self._get_owed(company, date_to) - self._get_owed(company, date_from - timedelta(days=1))
        return AssetFlows(owed, self._get_gain(company, date_from, date_to))

    @api.model
    def _get_owed(self, company, day: date):
        """What the company owes for assets at the end of a day, in rupiah. Query budget: one, and that of the places."""
        [[owed]] = self.env.execute_query(
            SQL(
                """
                WITH bought AS (
                    SELECT move_id, SUM(balance) AS amount FROM account_move_line
                     WHERE company_id = %(company)s AND parent_state = 'posted' AND date <= %(day)s AND account_id = ANY(%(fixed)s)
                     GROUP BY move_id HAVING SUM(balance) != 0),
                debt AS (
                    SELECT item.move_id, -SUM(item.balance) FILTER (WHERE item.account_id = ANY(%(payable)s)) AS whole,
                           -SUM(item.balance + COALESCE(credit.paid, 0) - COALESCE(debit.paid, 0))
                               FILTER (WHERE item.account_id = ANY(%(payable)s)) AS unpaid
                      FROM bought JOIN account_move_line item USING (move_id)
                 LEFT JOIN LATERAL (SELECT SUM(amount) AS paid FROM account_partial_reconcile
                                     WHERE credit_move_id = item.id AND max_date <= %(day)s) credit ON TRUE
                 LEFT JOIN LATERAL (SELECT SUM(amount) AS paid FROM account_partial_reconcile
                                     WHERE debit_move_id = item.id AND max_date <= %(day)s) debit ON TRUE
                     GROUP BY item.move_id HAVING NOT BOOL_OR(item.account_id = ANY(%(financing)s)))
                SELECT COALESCE(SUM(ROUND(debt.unpaid * LEAST(1, bought.amount / debt.whole), 2)), 0)::text
                  FROM bought JOIN debt USING (move_id)
                 WHERE bought.amount * debt.whole > 0
                """,
                company=company.id,
                day=day,
                fixed=self._get_account_ids(company, FIXED),
                payable=self._get_account_ids(company, PAYABLE),
                financing=self._get_account_ids(company, FINANCING),
            )
        )
        return Decimal(owed)

    def _get_gain(self, company, date_from, date_to):
        [[gain]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-SUM(item.balance), 0)::text FROM account_move_line item
                 WHERE item.account_id = ANY(%(results)s)
                   AND item.move_id IN (
                        SELECT move_id FROM account_move_line
                         WHERE company_id = %(company)s AND parent_state = 'posted' AND date BETWEEN %(from)s AND %(to)s
                           AND account_id = ANY(%(fixed)s) AND balance < 0)
                """,
                company=company.id,
                fixed=self._get_account_ids(company, FIXED),
                results=self._get_account_ids(company, OTHER_RESULT),
                **{"from": date_from, "to": date_to},
            )
        )
        return Decimal(gain)

    @api.model
    def _read_without_cash(self, company, date_from, date_to):
        """[(account, debit, credit)] of the entries of a period without cash, by code; names are the Indonesian ones."""
        account = self.env["account.account"].with_company(company)
        items = self.env["account.move.line"].with_company(company)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT CONCAT_WS(' ', %(code)s, COALESCE(account.name->>'id_ID', account.name->>'en_US')),
                       SUM(item.debit)::text, SUM(item.credit)::text
                  FROM account_move_line item JOIN account_account account ON account.id = item.account_id
                 WHERE item.parent_state = 'posted' AND item.date BETWEEN %(from)s AND %(to)s AND item.move_id IN (%(moves)s)
                 GROUP BY account.id ORDER BY 1
                """,
                code=account._field_to_sql("account", "code"),
                moves=items._get_moves_without_cash(company),
                to=date_to,
                **{"from": date_from},
            )
        )
        return [(label, Decimal(debit), Decimal(credit)) for label, debit, credit in rows]

    @api.model
    def _get_account_ids(self, company, places):
        """Ids of the company's accounts that stand in one of these places."""
        found = self.env["account.account"].with_company(company)._get_known_places()
        return [account_id for account_id, place in found.items() if place in places]
