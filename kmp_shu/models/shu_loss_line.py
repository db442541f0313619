from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..engine.allocation import largest_remainder

HUNDRED_PERCENT = 100


class KmpShuLossLine(models.Model):
    """Who bears a part of a loss: a reserve, the reserve of a class, or a later year."""

    _name = "kmp.shu.loss.line"
    _description = "Part of a loss"
    _order = "loss_id, sequence, id"
    _check_company_auto = True

    loss_id = fields.Many2one("kmp.shu.loss", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="loss_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="loss_id.currency_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("reserve", "Charged to a reserve"), ("carried", "Carried forward")],
        required=True,
        default="reserve",
    )
    class_id = fields.Many2one(
        "kmp.stakeholder.class",
        check_company=True,
        ondelete="restrict",
        help="The class that bears it, where the by-laws split a loss by class.",
    )
    account_id = fields.Many2one(
        "account.account",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('account_type', '=', 'equity')]",
        help="The reserve that is charged, or where losses stand until a later year covers them.",
    )
    percent = fields.Float(digits=(9, 6), help="Percent of the loss; Split makes amounts of it.")
    amount = fields.Monetary()

    _amount_not_negative = models.Constraint("CHECK(amount >= 0)", "A part of a loss is not below zero.")
    _percent_in_range = models.Constraint(
        "CHECK(percent BETWEEN 0 AND 100)", "A percent of a loss lies between 0 and 100."
    )

    @api.constrains("account_id")
    def _check_account(self):
        for line in self:
            if line.account_id == line.company_id.shu_undistributed_account_id:
                raise ValidationError(
                    self.env._(
                        "%(loss)s: account %(account)s is where the loss stands already. Choose a reserve, or "
                        "an account for losses carried forward.",
                        loss=line.loss_id.name,
                        account=line.account_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.loss_id._check_state("draft")
        return lines

    def write(self, vals):
        self.loss_id._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self.loss_id._check_state("draft")

    def _read_sum(self):
        """The sum of the amounts, an exact Decimal."""
        self.flush_model(["amount"])
        [[total]] = self.env.execute_query(
            SQL("SELECT COALESCE(SUM(amount), 0)::text FROM kmp_shu_loss_line WHERE id = ANY(%s)", self.ids)
        )
        return Decimal(total)

    def _read_percents(self):
        """Percent by line in line order, exact."""
        self.flush_model(["percent"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, percent::text FROM kmp_shu_loss_line WHERE id = ANY(%s) AND percent > 0", self.ids
            )
        )
        percents = {line: Decimal(percent) for line, percent in rows}
        return {line: percents[line.id] for line in self.sorted() if line.id in percents}

    def _split(self, loss):
        """Amounts from percents of `loss`, a Decimal above zero."""
        percents = self._read_percents()
        total = sum(percents.values())
        if total != HUNDRED_PERCENT:
            raise UserError(
                self.env._(
                    "%(loss)s: the percents of the lines sum to %(total)s. They must sum to 100.",
                    loss=self.loss_id.name,
                    total=total,
                )
            )
        unit = Decimal(1).scaleb(-self.loss_id.currency_id.decimal_places)
        parts = largest_remainder(int(max(loss, 0) / unit), percents)
        for line in self:
            line.amount = float(parts.get(line, 0) * unit)
