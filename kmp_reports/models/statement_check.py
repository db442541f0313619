from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .statement import ALL_KINDS
from .statement_processor import ExactProcessor

# Between them these take every account: what one of them should take and none does is missing.
COMPLETE = {"position": ("asset", "liability", "equity"), "result": ("income", "expense")}

CLOSING = 3  # the column of changes of equity


class Problem(NamedTuple):
    """Why a statement cannot be trusted. `difference` is in rupiah and zero where the sums are right;
    `accounts` are those to look at, with the balance of each: {account: Decimal}."""

    kind: str
    message: str
    difference: Decimal
    accounts: dict


class KmpStatement(models.AbstractModel):
    """What is wrong with the statements: sums that do not meet, accounts that no line takes or that two take."""

    _inherit = "kmp.statement"

    @api.model
    def _check(self, company, date_from, date_to):
        """A list of `Problem`, empty when the statements of the period are right. Reads as `_read_all`."""
        statements = self._read_all(company, date_from, date_to, compare=False)
        missing, double = self._get_misplaced(company, date_to)
        return [
            *self._get_differences(statements, missing),
            *self._get_misplacements(missing, double),
        ]

    @api.model
    def _get_differences(self, statements, missing):
        messages = self._get_difference_messages()
        for kind, left, right in self._get_equations(statements):
            if left != right:
                accounts = missing.get(kind) or missing["position"]
                yield Problem(kind, messages[kind], left - right, accounts)

    @api.model
    def _get_equations(self, statements):
        """Yields the statement that a difference is shown of, and the two sides that must be equal."""
        position, result, plain, equity, cash = (statements[kind] for kind in ALL_KINDS)
        surplus = result.amount("surplus")
        yield "position", position.amount("total_assets"), position.amount("total_funding")
        yield "result", surplus, position.amount("current_surplus")
        yield "result_plain", plain.amount("surplus"), surplus
        yield "equity", equity.amount("equity", CLOSING), position.amount("equity")
        yield "cash_flow", cash.amount("opening") + cash.amount("change"), cash.amount("closing")

    @api.model
    def _get_difference_messages(self):
        return {
            "position": self.env._("Assets are not liabilities and equity."),
            "result": self.env._("The surplus is not that of the financial position."),
            "result_plain": self.env._("The surplus is not that of the other layout."),
            "equity": self.env._("The closing equity is not that of the financial position."),
            "cash_flow": self.env._("Opening cash and the cash flows are not the closing cash."),
        }

    @api.model
    def _get_misplacements(self, missing, double):
        for kind in COMPLETE:
            if missing[kind]:
                yield Problem(kind, self.env._("No line takes these accounts."), Decimal(), missing[kind])
            if double[kind]:
                yield Problem(
                    kind, self.env._("More than one line takes these accounts."), Decimal(), double[kind]
                )

    @api.model
    def _get_misplaced(self, company, date_to):
        """({kind: {account: balance}} that no line takes, the same for accounts of more than one line), of the
        accounts that were ever used up to a day."""
        self._check_readable(company)
        used = self._read_balances(company, date_to)
        missing, double = {}, {}
        for kind, groups in COMPLETE.items():
            # sudo: as for the statements, totals for who may read them
            taken = self.sudo().with_company(company)._count_takers(company, kind)
            own = {account: balance for account, balance in used.items() if account.internal_group in groups}
            missing[kind] = {account: own[account] for account in own if not taken.get(account.id)}
            double[kind] = {
                account: own[account]
                for account in own
                if taken.get(account.id, 0) > 1 or _has_two_places(account)
            }
        return missing, double

    @api.model
    def _count_takers(self, company, kind):
        """How many lines of a statement take each account: {account id: number}.

        Lines may share an account by a filter on items (members' and others' receivables): they count as one.
        """
        processor = self._prepare_processor(company.sudo(), self._get_template(kind))
        whole, parts = Counter(), set()
        lines = self._get_template(kind).kpi_ids
        for kpi in lines.filtered(lambda kpi: kpi.style_id.kmp_row != "warning"):
            taken = {}
            for expression in kpi.expression_ids:
                for account_id, is_filtered in _iter_taken(processor, expression.name or ""):
                    taken[account_id] = taken.get(account_id, True) and is_filtered
            whole.update(account_id for account_id, is_filtered in taken.items() if not is_filtered)
            parts.update(taken)
        return whole | dict.fromkeys(parts - whole.keys(), 1)

    @api.model
    def _read_balances(self, company, date_to):
        """{account: balance, an exact Decimal} of the accounts with posted items up to a day."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, SUM(balance)::text FROM account_move_line
                 WHERE company_id = %s AND parent_state = 'posted' AND date <= %s AND account_id IS NOT NULL
                 GROUP BY account_id
                """,
                company.id,
                date_to,
            )
        )
        # sudo: names of accounts, for who may read the statements
        accounts = self.env["account.account"].sudo().with_company(company)
        return {accounts.browse(account_id): Decimal(balance) for account_id, balance in rows}


def _has_two_places(account):
    """Whether two tags say where the account stands; the first one counts, which may not be what was meant."""
    return len(account.tag_ids.filtered("kmp_place")) > 1


def _iter_taken(processor, expression):
    """Yields the accounts of an expression, and whether it takes only some of their items."""
    for match in ExactProcessor._ACC_RE.finditer(expression):
        _field, mode, _name, accounts, items = processor._parse_match_object(match)
        # What earlier years left on accounts of income and expense is no line of theirs.
        if mode == ExactProcessor.MODE_UNALLOCATED:
            continue
        for account_id in processor._account_ids_by_acc_domain[accounts]:
            yield account_id, bool(items)
