from odoo import fields, models
from odoo.exceptions import UserError


class ContributionLine(models.Model):
    """What the co-operative does not ask for any more.

    Dues of which nothing was paid are cancelled, and their period may be billed again. Of dues that were paid in part only the rest is
    taken back: what was paid stays share capital, and the period counts as billed.
    """

    _inherit = "kmp.contribution.line"

    amount_waived = fields.Monetary(
        "Waived", readonly=True, help="The rest of half-paid dues that was taken back."
    )

    _waived_in_part = models.Constraint(
        "CHECK (COALESCE(amount_waived, 0) = 0 OR (state = 'billed' AND amount_waived BETWEEN 0 AND amount))",
        "Only a part of dues can be waived. Cancel what was not paid at all.",
    )

    def _waive(self, day, reason):
        """Cancel these lines, or what is still open of them where a part was paid. For officers.

        :param day: the date of the entries
        :param reason: kept on the lines
        :raise UserError: a line is not billed or paid in full, or the day is locked or before the billing
        """
        self._check_officer()
        self.check_access("read")
        lines = self.sudo()  # sudo: lines are written by runs only
        lines.lock_for_update()
        lines.invalidate_recordset(["state", "amount_open"])
        partly_paid = lines.filtered(
            lambda line: line.currency_id.compare_amounts(line.amount_open, line.amount)
        )
        (lines - partly_paid)._cancel(day, reason)
        partly_paid._check_can_waive(day)
        rests = {line: line.amount_open for line in partly_paid}
        partly_paid._take_back(day, reason)
        for line, rest in rests.items():
            line.write({"amount_waived": line.amount_waived + rest, "cancel_reason": reason})
        partly_paid.run_id._invalidate_totals()
        return True

    def _check_can_waive(self, day):
        self._check_can_take_back(day)
        for line in self:
            if line.currency_id.is_zero(line.amount_open):
                raise UserError(
                    self.env._("%(line)s is paid. There is nothing to waive.", line=line.display_name)
                )
