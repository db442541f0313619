import calendar

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..tools import is_unsealed, unsealed
from .membership import OFFICER

SEALED_FIELDS = {
    "state",
    "skipped",
    "halted",
    "cancel_date",
    "cancel_reason",
    "receivable_account_id",
    "called_account_id",
    "journal_id",
    "line_ids",
    "move_ids",
}
# What may still change when a run is no longer a draft.
FREE_FIELDS = {"name", "message_main_attachment_id", "activity_ids", "message_follower_ids", "message_ids"}


class ContributionRun(models.Model):
    """Calls the contributions of some periods: who pays how much is prepared, then billed.

    Prepared lines (``kmp.contribution.line``, computed in ``contribution_run_prepare.py``) become journal entries of up to 1,000
    lines each: debit the receivable for capital per member, credit capital called but not paid. Capital grows when a payment is
    matched, see ``kmp.contribution.transfer``. A batch is one transaction: what is billed has a journal item, what has none is still
    to be billed, so a run that was interrupted goes on where it stopped.
    """

    _name = "kmp.contribution.run"
    _description = "Dues Run"
    _inherit = ["mail.thread", "mail.activity.mixin", "kmp.background"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    date_from = fields.Date(
        "Period From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        copy=False,
    )
    date_to = fields.Date(
        "Period Until", required=True, default=lambda self: self._default_date_to(), copy=False
    )
    date = fields.Date(
        "Billing Date",
        required=True,
        default=fields.Date.context_today,
        copy=False,
        tracking=True,
        help="The date of the journal entries. The days to pay are counted from it.",
    )
    class_ids = fields.Many2many(
        "kmp.stakeholder.class", string="Classes", check_company=True, help="Empty: all classes."
    )
    share_type_ids = fields.Many2many(
        "kmp.share.type",
        string="Share Types",
        check_company=True,
        help="Empty: all share types that the terms of the classes call for.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("billing", "Billing"),
            ("billed", "Billed"),
            ("cancelling", "Cancelling"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    line_ids = fields.One2many("kmp.contribution.line", "run_id", "Lines", readonly=True)
    move_ids = fields.One2many("account.move", "kmp_contribution_run_id", "Journal Entries", readonly=True)
    skipped = fields.Json(copy=False, readonly=True)
    cancel_date = fields.Date("Cancelled On", copy=False, readonly=True)
    cancel_reason = fields.Char("Cancelled Because", copy=False, readonly=True)
    journal_id = fields.Many2one("account.journal", copy=False, readonly=True, ondelete="restrict")
    receivable_account_id = fields.Many2one(
        "account.account",
        "Receivable for Capital",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    called_account_id = fields.Many2one(
        "account.account",
        "Capital Called, Not Paid",
        copy=False,
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A dues run ends on the day it begins, or later."
    )
    _billed_has_accounts = models.Constraint(
        "CHECK (state = 'draft' OR (receivable_account_id IS NOT NULL AND called_account_id IS NOT NULL AND journal_id IS NOT NULL))",
        "A dues run that is billed has its accounts.",
    )

    @api.model
    def _default_date_to(self):
        today = fields.Date.context_today(self)
        return today.replace(day=calendar.monthrange(today.year, today.month)[1])

    @api.depends("date_from", "date_to")
    def _compute_name(self):
        for run in self:
            if run.date_from and run.date_to:
                run.name = self.env._(
                    "Dues %(period)s", period=self._describe_period(run.date_from, run.date_to)
                )
            else:
                run.name = run.name or self.env._("Dues")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{key: value for key, value in vals.items() if key not in SEALED_FIELDS} for vals in vals_list]
        )

    def write(self, vals):
        if not is_unsealed(self.env):
            if vals.keys() & SEALED_FIELDS:
                raise UserError(
                    self.env._(
                        "The status, the lines and the entries of a dues run change only by preparing, billing or cancelling."
                    )
                )
            final = self.filtered(lambda run: run.state != "draft")
            if final and vals.keys() - FREE_FIELDS:
                raise UserError(
                    self.env._(
                        "%(run)s is billed and does not change. Cancel it, or prepare another run.",
                        run=final[0].name,
                    )
                )
            prepared = self.filtered("line_ids") if vals.keys() - FREE_FIELDS else self.browse()
            result = super().write(vals)
            prepared._discard_lines()  # what was prepared was prepared for other values
            return result
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for run in self:
            if run.state != "draft":
                raise UserError(self.env._("%(run)s was billed and stays. Cancel it instead.", run=run.name))

    # ---------------------------------------------------------------- actions

    def action_prepare(self):
        """Compute who would be billed how much. For clerks; may be done again as long as the run is a draft."""
        self.check_access("write")
        for run in self:
            run._lock("draft")
            run._prepare_lines()
        return True

    def action_bill(self):
        """Bill what was prepared: a small run at once, a large one in the background. For officers.

        :raise UserError: nothing prepared, members or terms changed since, no accounts, a locked period
        """
        self._check_officer()
        self.check_access("write")
        for run in self:
            run._lock("draft")
            run._check_can_bill()
            run._check_prepared_is_current()
            company = run.company_id
            unsealed(run).write(
                {
                    "state": "billing",
                    "halted": False,
                    "journal_id": company.kmp_dues_journal_id.id,
                    "receivable_account_id": company.kmp_dues_receivable_account_id.id,
                    "called_account_id": company.kmp_dues_called_account_id.id,
                }
            )
            run._start()
        return True

    def action_resume(self):
        self._check_officer()
        self.check_access("write")
        for run in self:
            run._lock("billing", "cancelling")
            unsealed(run).halted = False
            run._start()
        return True

    def action_cancel(self):
        self._check_officer()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.contribution_cancel_action")
        return action | {"context": {"default_run_ids": [Command.set(self.ids)]}}

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.contribution_line_action")
        return action | {"name": self.name, "domain": [("run_id", "=", self.id)], "context": {}}

    def action_open_entries(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("kmp_contribution_run_id", "=", self.id)],
        }

    # ---------------------------------------------------------------- business

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may bill or cancel dues."))

    def _lock(self, *states):
        """Two users who do the same thing at once: the second one is told."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        if self.state not in states:
            label = dict(self._fields["state"]._description_selection(self.env))[self.state]
            raise UserError(
                self.env._("%(run)s is %(state)s: this is not possible any more.", run=self.name, state=label)
            )

    def _check_can_bill(self):
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("%(run)s has nothing to bill. Prepare it first.", run=self.name))
        self.company_id._check_dues_accounts()
        self.company_id._check_not_locked(self.date, self.company_id.kmp_dues_journal_id, self.name)

    def _cancel(self, day, reason):
        """Take back a whole run of which nothing was paid; in the background where it is large.

        :raise UserError: not billed, something was paid, the day is locked or before the billing
        """
        self._check_officer()
        self.check_access("write")
        for run in self:
            run._lock("billed")
            run._check_can_cancel(day)
            unsealed(run).write(
                {"state": "cancelling", "cancel_date": day, "cancel_reason": reason, "halted": False}
            )
            run._start()
        return True

    def _check_can_cancel(self, day):
        if self.amount_paid:
            raise UserError(
                self.env._(
                    "%(run)s: some of its dues are paid. Undo the matching of these payments first, or cancel single lines that "
                    "are not paid.",
                    run=self.name,
                )
            )
        if day < self.date:
            raise UserError(
                self.env._(
                    "%(run)s was billed on %(date)s and cannot be cancelled before that day.",
                    run=self.name,
                    date=format_date(self.env, self.date),
                )
            )
        self.company_id._check_not_locked(day, self.journal_id, self.name)
