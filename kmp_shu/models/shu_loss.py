from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from .shu_step import ACCOUNTANT, OFFICER

DECISION_FIELDS = {"date_from", "date_to", "company_id", "line_ids", "resolution", "note"}


class KmpShuLoss(models.Model):
    """The decision of the members' meeting how the loss of a year is borne.

    A loss is not distributed: it is charged to reserves, carried forward to another year, or both,
    and by class where the by-laws say so. An accountant proposes it, an officer who did not propose
    it approves it, and it is posted as one entry, which can be reversed exactly and once. The entry
    stands in `shu_loss_entry.py`.
    """

    _name = "kmp.shu.loss"
    _description = "Cover of a loss"
    _inherit = ["kmp.shu.year"]
    _sealed_fields = frozenset(
        {"state", "amount", "proposed_by_id", "approved_by_id", "move_id", "reversal_move_id"}
    )

    name = fields.Char(compute="_compute_name", store=True, precompute=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("posted", "Posted"),
            ("reversed", "Reversed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    amount = fields.Monetary(
        "Loss", readonly=True, copy=False, help="Expense less income of the year in the posted ledger."
    )
    line_ids = fields.One2many("kmp.shu.loss.line", "loss_id", "Borne By", copy=True)
    covered = fields.Monetary(compute="_compute_covered")
    left = fields.Monetary("Not Covered", compute="_compute_covered")
    note = fields.Text(help="The clause of the by-laws or the reasons of the decision.")
    proposed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _one_live = models.Constraint(
        """EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (state != 'reversed')""",
        "The cover of a loss of a part of this year exists already. Open that one, or reverse or delete "
        "it first.",
    )
    _four_eyes = models.Constraint(
        "CHECK(approved_by_id IS NULL OR approved_by_id != proposed_by_id)",
        "The cover of a loss is approved by somebody who did not propose it.",
    )

    @api.depends("date_to")
    def _compute_name(self):
        for loss in self:
            loss.name = self.env._("Loss %(year)s", year=loss.date_to.year if loss.date_to else "")

    @api.depends("line_ids.amount", "amount")
    def _compute_covered(self):
        """For the screen; what must sum is checked in PostgreSQL."""
        for loss in self:
            loss.covered = sum(loss.line_ids.mapped("amount"))
            loss.left = loss.amount - loss.covered

    @api.model_create_multi
    def create(self, vals_list):
        losses = super().create(vals_list)
        losses._update_amount()
        return losses

    def write(self, vals):
        if DECISION_FIELDS & set(vals):
            self._check_state("draft")
        if "posting_date" in vals:
            self._check_state("draft", "proposed", "approved")
        result = super().write(vals)
        if {"date_from", "date_to", "company_id"} & set(vals):
            self._update_amount()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_posted(self):
        self._check_state("draft", "proposed")

    def _update_amount(self):
        for loss in self:
            unsealed(loss).amount = float(max(loss._read_loss(), 0))

    def _read_loss(self):
        """The loss of the year in the posted ledger, an exact Decimal; below zero for a surplus."""
        # The year of a distribution that is never saved: its surplus is the same reading.
        year = self.env["kmp.shu.run"].new(
            {"company_id": self.company_id.id, "date_from": self.date_from, "date_to": self.date_to}
        )
        self.env["account.move.line"].flush_model()
        [[surplus]] = self.env.execute_query(SQL("SELECT (%s)::text", year._get_surplus_query()))
        return -Decimal(surplus)

    # Who may do what

    def _get_noun(self):
        return self.env._("the cover of a loss")

    # Actions

    def action_split(self):
        """Set the amounts of the lines from their percents, to the rounding unit of the currency.

        Largest remainder, ties by line order. Raises UserError unless the percents sum to 100.
        """
        self._begin(ACCOUNTANT, self.env._("split"), "draft")
        self._update_amount()
        self.line_ids._split(self._read_loss())

    def action_propose(self):
        """Offer a complete cover for approval. Raises UserError when it is not the loss of the ledger."""
        self._begin(ACCOUNTANT, self.env._("propose"), "draft")
        self._update_amount()
        self._check_covered()
        unsealed(self).write({"state": "proposed", "proposed_by_id": self.env.uid})

    def action_approve(self):
        """Raises UserError for who proposed it."""
        self._begin(OFFICER, self.env._("approve"), "proposed")
        if self.proposed_by_id == self.env.user:
            raise UserError(
                self.env._("%(loss)s was proposed by you. Someone else must approve it.", loss=self.name)
            )
        self._check_covered()
        unsealed(self).write({"state": "approved", "approved_by_id": self.env.uid})

    def action_post(self):
        self._begin(ACCOUNTANT, self.env._("post"), "approved")
        self._check_covered()
        self._post_entry()
        unsealed(self).state = "posted"

    def action_reverse(self):
        """Reverse the entry, exactly and once."""
        self._begin(ACCOUNTANT, self.env._("reverse"), "posted")
        self._reverse_entry()
        unsealed(self).state = "reversed"

    def action_reset_to_draft(self):
        self._begin(ACCOUNTANT, self.env._("reset"), "proposed", "approved")
        unsealed(self).write({"state": "draft", "proposed_by_id": False, "approved_by_id": False})

    # What must hold

    def _check_covered(self):
        """There is a loss, a resolution, and the lines are the loss of the ledger to the rupiah."""
        loss = self._read_loss()
        if loss <= 0:
            raise UserError(
                self.env._(
                    "%(loss)s: the posted ledger of the year shows no loss. Distribute its surplus instead.",
                    loss=self.name,
                )
            )
        if not self.resolution:
            raise UserError(
                self.env._(
                    "%(loss)s has no resolution. Enter the number of the meeting's resolution first.",
                    loss=self.name,
                )
            )
        covered = self.line_ids._read_sum()
        if covered != loss:
            raise UserError(
                self.env._(
                    "%(loss)s: the lines cover %(covered)s, but the loss of the ledger is %(amount)s. They "
                    "must be equal.",
                    loss=self.name,
                    covered=self.currency_id.format(float(covered)),
                    amount=self.currency_id.format(float(loss)),
                )
            )
