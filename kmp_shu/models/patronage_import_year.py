from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class KmpPatronageImport(models.Model):
    """An imported file and the distribution of its year.

    An approved distribution must not be made wrong before it is posted, so business of its year is
    refused. Once it is posted it does not change any more: what comes late is accepted and counts in
    a correction. What a distribution counted is never deleted.
    """

    _inherit = "kmp.patronage.import"

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_distributed(self):
        for batch in self:
            run = batch._find_run(batch._get_counted_domain())
            if run:
                raise UserError(
                    self.env._(
                        "%(file)s counts in %(run)s and cannot be deleted.",
                        file=batch.name,
                        run=run.name,
                    )
                )

    def _get_counted_domain(self):
        """Approved runs, and posted ones that were computed after the import."""
        return Domain("state", "=", "approved") | (
            Domain("state", "in", ("posted", "closed"))
            & Domain("computed_on", ">=", self.create_date.replace(microsecond=0))
        )

    def _check_not_distributed(self):
        run = self._find_run(Domain("state", "=", "approved"))
        if run:
            raise UserError(
                self.env._(
                    "%(file)s holds business of a year whose distribution is approved, %(run)s, and would make it "
                    "wrong. Post that distribution first and correct it, or withdraw the approval.",
                    file=self.name,
                    run=run.name,
                )
            )
        posted = self._find_run(Domain("state", "in", ("posted", "closed")))
        if posted:
            self._message_log(
                body=self.env._(
                    "%(run)s is posted: this business counts in a correction of it.", run=posted.name
                )
            )

    def _find_run(self, domain):
        """A run of a year that the import has business of."""
        return self.env["kmp.shu.run"].search(
            domain
            & Domain("company_id", "=", self.company_id.id)
            & Domain("date_from", "<=", self.date_to)
            & Domain("date_to", ">=", self.date_from),
            limit=1,
        )
