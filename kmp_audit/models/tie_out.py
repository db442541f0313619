from decimal import Decimal

from odoo import api, models

# A finding is for reading: who wants them all opens the records.
LISTED, LINKED = 10, 1000


class KmpAuditTieOut(models.AbstractModel):
    """One thing that must hold in the books of a year.

    An addon adds a tie-out by adding an abstract model that inherits this one: its description is what the auditor reads, `_place` its
    place on the list, and `_examine` looks. Nothing else changes.
    """

    _name = "kmp.audit.tie.out"
    _description = "Tie-out"

    _place = 100

    @api.model
    def _get_tie_outs(self):
        """Names of the concrete models, in the order of the list."""
        names = self.env.registry.descendants([self._name], "_inherit") - {self._name}
        return sorted(names, key=lambda name: (self.env[name]._place, name))

    @api.model
    def _examine(self, audit):
        """Look at the books of the company of `audit` in its year, as they are now.

        Returns an `Outcome`. It reads by SQL: totals are of the whole company, whatever the user may open one by one. Who may
        ask has been checked. A UserError that it raises becomes the result.
        """
        raise NotImplementedError

    def _format(self, amount):
        """An exact amount (Decimal, or its text) as the reader's language groups it, without going through a float."""
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        grouped = f"{Decimal(amount):,f}"
        return grouped.translate({ord(","): lang.thousands_sep or "", ord("."): lang.decimal_point or "."})

    def _get_items_domain(self, audit, *conditions):
        """The posted items of the year, as a domain for the way to the records."""
        return [
            ("company_id", "=", audit.company_id.id),
            ("parent_state", "=", "posted"),
            ("date", ">=", str(audit.date_from)),
            ("date", "<=", str(audit.date_to)),
            *conditions,
        ]

    def _get_moves_domain(self, audit):
        return [
            ("company_id", "=", audit.company_id.id),
            ("state", "=", "posted"),
            ("date", ">=", str(audit.date_from)),
            ("date", "<=", str(audit.date_to)),
        ]

    def _get_live_runs(self, audit):
        """The distributions of the year that stand: computed or later, and not corrected by another."""
        runs = self.env["kmp.shu.run"].search(
            [
                ("company_id", "=", audit.company_id.id),
                ("date_from", "<=", audit.date_to),
                ("date_to", ">=", audit.date_from),
                ("state", "in", ("computed", "approved", "posted", "closed")),
            ],
            order="id",
        )
        return runs - runs.corrects_id
