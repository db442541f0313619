from decimal import Decimal

from odoo.fields import Date
from odoo.tools import SQL

from odoo.addons.mis_builder.models.aep import AccountingExpressionProcessor, Accumulator

# Amounts are counted in millionths of the currency, which is finer than any rounding it ever had.
PLACES = 6


class ExactProcessor(AccountingExpressionProcessor):
    """MIS Builder's processor of expressions, with integers for floats.

    What expressions mean stays MIS Builder's; only the numbers under them are read otherwise: posted items of one
    company, added up in PostgreSQL by account, one statement per domain on items and period, whatever the number
    of modes. Integers stay exact through every sum of a template, and `to_amount` makes rupiah of them.
    """

    def __init__(self, company):
        super().__init__(company, company.currency_id)

    @staticmethod
    def to_units(amount):
        """The integer for an exact amount of the currency: a text or a Decimal."""
        return int(Decimal(amount).scaleb(PLACES))

    @staticmethod
    def to_amount(units):
        """The `Decimal` for an integer of units."""
        return Decimal(int(units)).scaleb(-PLACES).quantize(Decimal("0.01"))

    def do_queries(self, date_from, date_to, additional_move_line_filter=None, aml_model=None):
        self._data = {}
        modes_by_domain, accounts_by_domain = {}, {}
        for (domain, mode), account_ids in self._map_account_ids.items():
            modes_by_domain.setdefault(domain, set()).add(mode)
            accounts_by_domain.setdefault(domain, set()).update(account_ids)
        for domain, modes in modes_by_domain.items():
            # All accounts in one pass; of a part of the items only the accounts it is asked of.
            where = [*domain, ("account_id", "in", list(accounts_by_domain[domain]))] if domain else []
            sums = self._read_sums(where, Date.to_date(date_from), Date.to_date(date_to))
            for mode in modes:
                self._data[domain, mode] = _Balances(self._accumulate(sums, mode))

    def _read_sums(self, domain, date_from, date_to):
        """[(account id, whether it starts anew each year, {bucket: (debit, credit)})] of the posted items."""
        company = self.companies
        dates = {
            "year": company.compute_fiscalyear_dates(date_from)["date_from"],
            "date_from": date_from,
        }
        lines = self.env["account.move.line"].with_context(allowed_company_ids=company.ids, active_test=False)
        where = [("company_id", "=", company.id), ("parent_state", "=", "posted"), ("date", "<=", date_to)]
        query = lines._search(where + list(domain), bypass_access=True)
        query.groupby = SQL("account_move_line.account_id")
        rows = self.env.execute_query(query.select(SQL("account_move_line.account_id"), *_get_sums(dates)))
        yearly = self._get_yearly_account_ids()
        return [
            (account_id, account_id in yearly, list(map(self.to_units, amounts)))
            for account_id, *amounts in rows
        ]

    def _get_yearly_account_ids(self):
        """Accounts that MIS Builder counts from the beginning of the fiscal year only."""
        accounts = self._account_model.search(
            [("include_initial_balance", "=", False), ("company_ids", "=", self.companies.id)]
        )
        return set(accounts.ids)

    def _accumulate(self, sums, mode):
        """Yields the account and its sums in a mode; accounts without any are left out, as MIS Builder does."""
        for account_id, is_yearly, amounts in sums:
            older, early, period = amounts[0:2], amounts[2:4], amounts[4:6]
            initial = early if is_yearly else _add(older, early)
            found = {
                self.MODE_INITIAL: initial,
                self.MODE_VARIATION: period,
                self.MODE_END: _add(initial, period),
                self.MODE_UNALLOCATED: older if is_yearly else [0, 0],
            }[mode]
            if any(found):
                yield account_id, found


class _Balances(dict):
    """{account id: Accumulator}; an account that is not there has nothing, and asking for it adds nothing."""

    def __init__(self, rows):
        super().__init__()
        for account_id, (debit, credit) in rows:
            self[account_id] = Accumulator()
            self[account_id].add_debit_credit(debit, credit)

    def __missing__(self, account_id):
        return Accumulator()


def _add(left, right):
    return [a + b for a, b in zip(left, right, strict=True)]


def _get_sums(dates):
    for condition in (
        SQL("account_move_line.date < %s", dates["year"]),
        SQL(
            "account_move_line.date >= %s AND account_move_line.date < %s", dates["year"], dates["date_from"]
        ),
        SQL("account_move_line.date >= %s", dates["date_from"]),
    ):
        for side in ("debit", "credit"):
            yield SQL(
                "COALESCE(SUM(%s) FILTER (WHERE %s), 0)::text",
                SQL.identifier("account_move_line", side),
                condition,
            )
