from odoo import models

from ..outcome import Outcome, Pair

NAMED_ACCOUNTS = 5


class TieOutStatement(models.AbstractModel):
    """Invariant I9: the statements of the year balance, meet each other, and have every account once.

    The check is that of the statements themselves (`kmp.statement`), which read the year once.
    """

    _name = "kmp.audit.tie.out.statement"
    _description = "The statements balance"
    _inherit = "kmp.audit.tie.out"

    _place = 50

    def _examine(self, audit):
        service, company = self.env["kmp.statement"], audit.company_id
        statements = service._read_all(company, audit.date_from, audit.date_to, compare=False)
        missing, double = service._get_misplaced(company, audit.date_to)
        problems = list(service._get_misplacements(missing, double))
        labels = self._get_labels()
        accounts = [account.id for problem in problems for account in problem.accounts]
        return Outcome(
            pairs=[
                Pair(labels[kind], left, right) for kind, left, right in service._get_equations(statements)
            ],
            findings=[self._describe(labels[problem.kind], problem) for problem in problems],
            note=", ".join(labels[kind] for kind in statements),
            model="account.move.line",
            domain=self._get_items_domain(audit, *([("account_id", "in", accounts)] if accounts else [])),
        )

    def _get_labels(self):
        return dict(self.env["mis.report"]._fields["kmp_statement"]._description_selection(self.env))

    def _describe(self, label, problem):
        names = [account.display_name for account in problem.accounts]
        more = len(names) - NAMED_ACCOUNTS
        listed = ", ".join(names[:NAMED_ACCOUNTS])
        if more > 0:
            listed += self.env._(" and %(count)s more", count=more)
        return f"{label}: {problem.message} {listed}"
