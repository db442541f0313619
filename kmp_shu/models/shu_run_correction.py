from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from .shu_step import ACCOUNTANT


class KmpShuRun(models.Model):
    """Late documents of a posted year: a correction computes the whole year again, with a hash of
    its own, and posts and pays only what differs from the run that it corrects.

    The runs of a year are one chain: the original, its correction, the correction of that, and so
    on. `previous_amount` on pools and shares is what the corrected run gave; `difference` is what
    this one adds, below zero where it takes back.
    """

    _inherit = "kmp.shu.run"

    corrects_id = fields.Many2one(
        "kmp.shu.run",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    correction_ids = fields.One2many("kmp.shu.run", "corrects_id", "Corrections", readonly=True)
    correction_id = fields.Many2one("kmp.shu.run", "Corrected By", compute="_compute_correction_id")
    surplus_difference = fields.Monetary(compute="_compute_differences")
    distributed_difference = fields.Monetary("Difference of Members' Part", compute="_compute_differences")

    _one_correction = models.UniqueIndex(
        "(corrects_id) WHERE state != 'reversed'",
        "The distribution has a correction already. Open that one, or reverse or delete it first.",
    )

    @api.depends("correction_ids.state")
    def _compute_correction_id(self):
        for run in self:
            run.correction_id = run.correction_ids.filtered(lambda other: other.state != "reversed")[:1]

    @api.depends("surplus", "distributed", "corrects_id")
    def _compute_differences(self):
        """For the screen; what is posted is computed in PostgreSQL."""
        for run in self:
            run.surplus_difference = run.surplus - run.corrects_id.surplus
            run.distributed_difference = run.distributed - run.corrects_id.distributed

    @api.depends("corrects_id")
    def _compute_name(self):
        corrections = self.filtered("corrects_id")
        for run in corrections:
            run.name = run.name or self._get_correction_name(run.corrects_id)
        return super(KmpShuRun, self - corrections)._compute_name()

    def _get_correction_name(self, corrected):
        original, place = corrected, 1
        while original.corrects_id:
            original, place = original.corrects_id, place + 1
        return self.env._("%(run)s, correction %(place)s", run=original.name, place=place)

    @api.constrains("corrects_id", "scheme_id", "date_from", "date_to", "company_id")
    def _check_same_year(self):
        same = ("scheme_id", "date_from", "date_to", "company_id")
        for run in self.filtered("corrects_id"):
            if any(run[name] != run.corrects_id[name] for name in same):
                raise ValidationError(
                    self.env._(
                        "%(run)s corrects %(corrected)s and has its year and its scheme. To divide the year by "
                        "another scheme, reverse %(corrected)s and distribute the year anew.",
                        run=run.name,
                        corrected=run.corrects_id.name,
                    )
                )

    def action_correct(self):
        """Open the correction of a posted run, made if there is none."""
        self.ensure_one()
        self._check_may(ACCOUNTANT, self.env._("correct"))
        self._lock("posted", "closed")
        correction = self.correction_id or unsealed(self).create(self._prepare_correction_vals())
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.run",
            "view_mode": "form",
            "res_id": correction.id,
        }

    def _prepare_correction_vals(self):
        return {
            "corrects_id": self.id,
            "company_id": self.company_id.id,
            "scheme_id": self.scheme_id.id,
            "date_from": self.date_from,
            "date_to": self.date_to,
        }

    def action_open_correction(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.run",
            "view_mode": "form",
            "res_id": (self.correction_id or self.corrects_id).id,
        }

    def _check_reversible(self):
        result = super()._check_reversible()
        if self.correction_id:
            raise UserError(
                self.env._(
                    "%(run)s is corrected by %(correction)s. Reverse or delete that one first.",
                    run=self.name,
                    correction=self.correction_id.name,
                )
            )
        return result

    # What the corrected run gave

    def _divide(self):
        result = super()._divide()
        if self.corrects_id:
            self.env.flush_all()
            self._add_gone_shares()
            self._set_previous_shares()
            self._set_previous_pools()
            self.env.invalidate_all()
        return result

    def _add_gone_shares(self):
        """A member who gets nothing any more keeps a share of zero, so that the difference shows."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO kmp_shu_share (run_id, company_id, membership_id, number, partner_id, class_id,
                                           capital_amount, patronage_amount, amount, tax_amount, net_amount)
                SELECT %(run)s, company_id, membership_id, number, partner_id, class_id, 0, 0, 0, 0, 0
                  FROM kmp_shu_share previous
                 WHERE run_id = %(corrected)s AND amount != 0
                   AND NOT EXISTS (SELECT 1 FROM kmp_shu_share share
                                    WHERE share.run_id = %(run)s
                                      AND share.membership_id = previous.membership_id)
                """,
                run=self.id,
                corrected=self.corrects_id.id,
            )
        )

    def _set_previous_shares(self):
        self.env.cr.execute(
            SQL(
                """
                UPDATE kmp_shu_share share
                   SET previous_amount = COALESCE(previous.amount, 0),
                       previous_tax_amount = COALESCE(previous.tax_amount, 0),
                       difference = share.amount - COALESCE(previous.amount, 0)
                  FROM kmp_shu_share own
             LEFT JOIN kmp_shu_share previous
                    ON previous.run_id = %s AND previous.membership_id = own.membership_id
                 WHERE share.run_id = %s AND own.id = share.id
                """,
                self.corrects_id.id,
                self.id,
            )
        )

    def _set_previous_pools(self):
        self.env.cr.execute(
            SQL(
                """
                UPDATE kmp_shu_pool pool SET previous_amount = previous.amount
                  FROM kmp_shu_pool previous
                 WHERE pool.run_id = %s AND previous.run_id = %s
                   AND previous.scheme_line_id = pool.scheme_line_id
                   AND previous.class_id IS NOT DISTINCT FROM pool.class_id
                """,
                self.id,
                self.corrects_id.id,
            )
        )


class KmpShuPool(models.Model):
    _inherit = "kmp.shu.pool"

    previous_amount = fields.Monetary(readonly=True, help="What the corrected distribution gave.")
    difference = fields.Monetary(compute="_compute_difference")

    @api.depends("amount", "previous_amount")
    def _compute_difference(self):
        """For the screen; what is posted is computed in PostgreSQL."""
        for pool in self:
            pool.difference = pool.amount - pool.previous_amount


class KmpShuShare(models.Model):
    _inherit = "kmp.shu.share"

    previous_amount = fields.Monetary(
        "Previous", readonly=True, help="What the corrected distribution gave; empty in an original."
    )
    previous_tax_amount = fields.Monetary(
        readonly=True, help="The tax on what the corrected distribution gave; empty in an original."
    )
    difference = fields.Monetary(
        readonly=True,
        help="What a correction adds, below zero where it takes back; empty in an original.",
    )
    is_correction = fields.Boolean(compute="_compute_is_correction")

    @api.depends("run_id.corrects_id")
    def _compute_is_correction(self):
        for share in self:
            share.is_correction = bool(share.run_id.corrects_id)
