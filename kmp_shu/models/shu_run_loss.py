from odoo import models
from odoo.exceptions import RedirectWarning


class KmpShuRun(models.Model):
    """A year that ends with a loss is not distributed: it leads to the decision how it is covered."""

    _inherit = "kmp.shu.run"

    def _refuse_loss(self, loss):
        """:param loss: the loss of the year, exact text without a sign"""
        raise RedirectWarning(
            self.env._(
                "%(run)s cannot be computed: the surplus is negative, a loss of %(loss)s. A loss is not "
                "distributed; the meeting decides how it is covered.",
                run=self.name,
                loss=loss,
            ),
            self._prepare_loss_action(),
            self.env._("Cover the loss"),
        )

    def _prepare_loss_action(self):
        cover = self.env["kmp.shu.loss"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "reversed"),
                ("date_from", "<=", self.date_to),
                ("date_to", ">=", self.date_from),
            ],
            limit=1,
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cover of a loss"),
            "res_model": "kmp.shu.loss",
            "views": [(False, "form")],
            "res_id": cover.id,
            "context": {
                "default_date_from": self.date_from.isoformat(),
                "default_date_to": self.date_to.isoformat(),
            },
        }
