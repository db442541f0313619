from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed


class KmpShuRun(models.Model):
    """What is paid and what is still owed of a distribution."""

    _inherit = "kmp.shu.run"

    payable_account_id = fields.Many2one(
        "account.account",
        "SHU Payable",
        readonly=True,
        copy=False,
        help="The account on which the members' part was posted. Payouts debit it, also when the setting has changed since.",
    )
    payout_ids = fields.One2many("kmp.shu.payout", "run_id", "Payouts")
    payout_count = fields.Integer(compute="_compute_payout_totals")
    open_amount = fields.Monetary(
        "Still Owed", compute="_compute_payout_totals", help="What members have not been paid yet, after tax."
    )

    def _compute_payout_totals(self):
        """Query budget: two for all records of the page."""
        counts = dict(
            self.env["kmp.shu.payout"]._read_group([("run_id", "in", self.ids)], ["run_id"], ["__count"])
        )
        paid_out = self.filtered(lambda run: run.state in ("posted", "closed"))
        amounts = paid_out._get_open_amounts()
        for run in self:
            run.payout_count = counts.get(run, 0)
            run.open_amount = float(amounts.get(run._origin.id, 0))

    def write(self, vals):
        if "payable_account_id" in vals:
            self._check_sealed_payable()
        return super().write(vals)

    def _check_sealed_payable(self):
        if not is_unsealed(self.env):
            raise UserError(self.env._("The account of a distribution is that of its entry."))

    def _post_entry(self):
        result = super()._post_entry()
        unsealed(self).payable_account_id = self.company_id.shu_payable_account_id
        return result

    def _check_reversible(self):
        """Raises UserError for a distribution of which something is paid, or about to be."""
        result = super()._check_reversible()
        # sudo: a payout stands in the way whoever may see it
        live = (
            self.env["kmp.shu.payout"]
            .sudo()
            .search([("run_id", "in", self.ids), ("state", "!=", "reversed")])
        )
        if live:
            raise UserError(
                self.env._(
                    "%(run)s has payouts: %(payouts)s. Delete the drafts and reverse what is posted first.",
                    run=live[0].run_id.name,
                    payouts=", ".join(live.mapped("name")),
                )
            )
        return result

    def _get_open_amount(self):
        """What members are still to get of this run, an exact Decimal in rupiah."""
        return self._get_open_amounts().get(self.id, Decimal(0))

    def _get_open_amounts(self):
        """{run id: what members are still to get, after tax and after what corrections take back}, exact Decimals. Query budget: one."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT share.run_id, SUM(GREATEST(share.open_amount + COALESCE(back.amount, 0), 0))::text
                  FROM kmp_shu_share share LEFT JOIN (%(taken_back)s) back ON back.share_id = share.id
                 WHERE share.run_id = ANY(%(runs)s)
                 GROUP BY share.run_id
                """,
                taken_back=self.env["kmp.shu.share"]._get_taken_back_query(
                    SQL("share.run_id = ANY(%s)", self.ids)
                ),
                runs=self.ids,
            )
        )
        return {run_id: Decimal(amount) for run_id, amount in rows}

    def _get_payable_items(self):
        """The posted journal items by which the co-operative owes the members of this distribution."""
        self.ensure_one()
        return self.env["account.move.line"].search(
            [
                ("move_id", "=", self.move_id.id),
                ("account_id", "=", self.payable_account_id.id),
                ("parent_state", "=", "posted"),
            ]
        )

    def _get_payable_items_of_year(self):
        """Those of the distribution and of all its corrections: a year owes a member one sum, and what a correction takes back
        is matched with what was given."""
        runs = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "=", self.date_from),
                ("payable_account_id", "=", self.payable_account_id.id),
                ("state", "in", ("posted", "closed")),
            ],
            order="id",
        )
        return self._get_payable_items().union(*(run._get_payable_items() for run in runs))

    def _has_member_items(self):
        """Whether the entry has a line per member; above the company's limit it has one per class."""
        return bool(self._get_payable_items()[:1].partner_id)

    def action_open_payouts(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_payout_action")
        return {**action, "domain": [("run_id", "=", self.id)], "context": {"default_run_id": self.id}}

    def action_prepare_payout(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_payout_wizard_action")
        return {**action, "context": {"default_run_id": self.id}}

    def action_open_unpaid(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_unclaimed_action")
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}
