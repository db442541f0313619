from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..outcome import Outcome, Pair
from .tie_out import LINKED, LISTED


class TieOutPayable(models.AbstractModel):
    """Invariant I4: the account of SHU payable holds what members are still owed by the lists of shares and payouts."""

    _name = "kmp.audit.tie.out.payable"
    _description = "SHU payable = shares not paid out"
    _inherit = "kmp.audit.tie.out"

    _place = 30

    def _examine(self, audit):
        company = audit.company_id
        accounts = (
            self.env["kmp.shu.run"].search([("company_id", "=", company.id)]).mapped("payable_account_id")
        )
        accounts |= (
            company.sudo().shu_payable_account_id
        )  # the account's name is no secret to who reads the ledger
        if not accounts:
            return Outcome(is_nothing=True, note=self.env._("No account of SHU payable is set."))
        difference = self.env["kmp.shu.share"]._get_payable_difference(company, audit.date_to)
        ledger = self._read_ledger(audit, accounts)
        foreign = self._find_foreign(audit, accounts) if difference else []
        return Outcome(
            pairs=[Pair(self.env._("Lists of shares, and the account"), ledger - difference, ledger)],
            findings=[
                self.env._(
                    "%(entry)s: %(amount)s is neither a distribution nor a payout",
                    entry=entry,
                    amount=self._format(amount),
                )
                for _id, entry, amount in foreign[:LISTED]
            ],
            count=len(foreign),
            note=", ".join(accounts.mapped("display_name")),
            model="account.move.line",
            domain=[("id", "in", [row[0] for row in foreign])]
            if foreign
            else self._get_domain(audit, accounts),
        )

    def _get_domain(self, audit, accounts):
        return [
            ("company_id", "=", audit.company_id.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", str(audit.date_to)),
            ("account_id", "in", accounts.ids),
        ]

    def _read_ledger(self, audit, accounts):
        [[amount]] = self.env.execute_query(
            SQL(
                """SELECT COALESCE(-SUM(balance), 0)::text FROM account_move_line
                    WHERE company_id = %s AND parent_state = 'posted' AND date <= %s AND account_id = ANY(%s)""",
                audit.company_id.id,
                audit.date_to,
                accounts.ids,
            )
        )
        return Decimal(amount)

    def _find_foreign(self, audit, accounts):
        """(id, entry, amount) of items of entries that no distribution and no payout made."""
        return self.env.execute_query(
            SQL(
                """
                SELECT item.id, item.move_name, (-item.balance)::text
                  FROM account_move_line item
                 WHERE item.company_id = %(company)s AND item.parent_state = 'posted' AND item.date <= %(date)s
                   AND item.account_id = ANY(%(accounts)s)
                   AND NOT EXISTS (SELECT 1 FROM kmp_shu_run
                                    WHERE item.move_id IN (move_id, reversal_move_id))
                   AND NOT EXISTS (SELECT 1 FROM kmp_shu_payout
                                    WHERE item.move_id IN (move_id, reversal_move_id))
                 ORDER BY item.date, item.id LIMIT %(limit)s
                """,
                company=audit.company_id.id,
                date=audit.date_to,
                accounts=accounts.ids,
                limit=LINKED,
            )
        )
