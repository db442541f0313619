from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome, Pair
from ..sql.ledger import period


class TieOutSurplus(models.AbstractModel):
    """Invariant I8: the members' part and the others' are together the ledger, and so is what was distributed.

    The ledger's side is income less expense, summed here by the kind of the accounts alone. Query budget: those of
    `_get_surplus_parts`, and one per distribution.
    """

    _name = "kmp.audit.tie.out.surplus"
    _description = "Members' part + non-members' part = ledger"
    _inherit = "kmp.audit.tie.out"

    _place = 40

    def _examine(self, audit):
        company = audit.company_id
        parts = company._get_surplus_parts(audit.date_from, audit.date_to)
        ledger = self._read_ledger(audit)
        pairs = [self._prepare_pair(parts, ledger)]
        for run in self._get_live_runs(audit):
            pairs += self._prepare_run_pairs(run)
        return Outcome(
            pairs=pairs,
            findings=list(self._find_turnover(parts)),
            note=self.env._("Income less expense of the year: %(amount)s", amount=self._format(ledger)),
            model="account.move.line",
            domain=self._get_items_domain(audit, ("account_id.internal_group", "in", ("income", "expense"))),
        )

    def _prepare_pair(self, parts, ledger):
        if "member" not in parts:
            return Pair(self.env._("Surplus, and income less expense"), parts["total"].amount, ledger)
        name = self.env._("Members' and non-members' surplus, and income less expense")
        return Pair(name, parts["member"].amount + parts["non_member"].amount, ledger)

    def _read_ledger(self, audit):
        [[amount]] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(-SUM(item.balance), 0)::text
                  FROM account_move_line item JOIN account_account account ON account.id = item.account_id
                 WHERE %s AND (account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%')
                """,
                period(audit),
            )
        )
        return Decimal(amount)

    def _prepare_run_pairs(self, run):
        """What a distribution was computed from, and what its own year gives now."""
        [[surplus, member, non_member]] = self.env.execute_query(
            SQL(
                """SELECT surplus::text, surplus_member::text, surplus_non_member::text
                     FROM kmp_shu_run WHERE id = %s""",
                run.id,
            )
        )
        now = run.company_id._get_surplus_parts(run.date_from, run.date_to)
        yield Pair(
            self.env._("Distributed by %(run)s, and its year's ledger", run=run.name),
            Decimal(surplus),
            now["total"].amount,
        )
        if Decimal(member or 0) or Decimal(non_member or 0):
            yield Pair(
                self.env._("Members' and non-members' part of %(run)s, and its surplus", run=run.name),
                Decimal(member or 0) + Decimal(non_member or 0),
                Decimal(surplus),
            )

    def _find_turnover(self, parts):
        if "member" in parts and parts["member"].turnover > parts["total"].turnover:
            yield self.env._(
                "The members' turnover of %(member)s is above that of the whole ledger, %(total)s.",
                member=self._format(parts["member"].turnover),
                total=self._format(parts["total"].turnover),
            )
