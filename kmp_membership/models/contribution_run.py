import calendar
import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ..periods import FOREVER
from ..tools import is_unsealed, unsealed
from .membership import OFFICER

_logger = logging.getLogger(__name__)

# Lines in one journal entry: large enough to be quick, small enough to open in a browser and to lose little when killed.
BATCH_LINES = 1000
# Up to here the user waits for the entries; above, they are made in the background.
DIRECT_LINES = 1000
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
TOTALS = [
    "line_count",
    "member_count",
    "amount_total",
    "amount_paid",
    "amount_open",
    "progress",
    "move_count",
]
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
    skipped_note = fields.Char("Not Billed", compute="_compute_skipped_note")
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
    line_count = fields.Integer("Lines to Bill", compute="_compute_totals")
    member_count = fields.Integer("Members", compute="_compute_totals")
    amount_total = fields.Monetary("Total", compute="_compute_totals")
    amount_paid = fields.Monetary("Paid", compute="_compute_totals")
    amount_open = fields.Monetary("Open", compute="_compute_totals")
    progress = fields.Float(compute="_compute_totals", help="Percent of the lines that are done.")
    move_count = fields.Integer("Entries", compute="_compute_move_count")

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A dues run ends on the day it begins, or later."
    )
    _billed_has_accounts = models.Constraint(
        "CHECK (state = 'draft' OR (receivable_account_id IS NOT NULL AND called_account_id IS NOT NULL AND journal_id IS NOT NULL))",
        "A dues run that is billed has its accounts.",
    )

    @api.model
    def _invalidate_totals(self):
        """Forget what was read from lines and journal items: cheaper than a dependency on hundreds of thousands of them."""
        self.env["kmp.contribution.run"].invalidate_model(TOTALS, flush=False)
        self.env["kmp.membership"].invalidate_model(["dues_open", "dues_due"], flush=False)

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

    @api.depends("state")
    def _compute_totals(self):
        """Query budget: one for all records of the page."""
        self.env["kmp.contribution.line"].flush_model()
        self.env["account.move.line"].flush_model(["amount_residual"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.run_id, COUNT(*), COUNT(DISTINCT l.membership_id), SUM(l.amount - COALESCE(l.amount_waived, 0)) FILTER (WHERE l.state <> 'cancelled'),
                       SUM(aml.amount_residual) FILTER (WHERE l.state = 'billed'), COUNT(*) FILTER (WHERE l.state = 'draft'),
                       COUNT(*) FILTER (WHERE l.state = 'cancelled')
                  FROM kmp_contribution_line l
             LEFT JOIN account_move_line aml ON aml.id = l.move_line_id
                 WHERE l.run_id = ANY(%s) GROUP BY l.run_id
                """,
                self.ids,
            )
        )
        totals = {run_id: values for run_id, *values in rows}
        for run in self:
            count, members, amount, still_open, waiting, cancelled = totals.get(run.id, (0,) * 6)
            billed = run.state in ("billed", "cancelling", "cancelled")
            run.line_count = count
            run.member_count = members
            run.amount_total = amount or 0
            run.amount_open = still_open or 0
            run.amount_paid = run.amount_total - run.amount_open if billed else 0
            done = cancelled if run.state == "cancelling" else count - waiting
            run.progress = 100 * done / count if count else 0

    def _compute_move_count(self):
        # sudo: a number of entries tells nothing that the run does not
        moves = self.env["account.move"].sudo()
        counts = dict(
            moves._read_group(
                [("kmp_contribution_run_id", "in", self.ids)], ["kmp_contribution_run_id"], ["__count"]
            )
        )
        for run in self:
            run.move_count = counts.get(run, 0)

    @api.depends("skipped")
    def _compute_skipped_note(self):
        labels = self._get_skip_labels()
        for run in self:
            counts = run.skipped or {}
            run.skipped_note = ", ".join(
                f"{counts[reason]} {labels[reason]}" for reason in labels if counts.get(reason)
            )

    @api.model
    def _get_skip_labels(self):
        return {
            "billed": self.env._("billed before"),
            "suspended": self.env._("suspended"),
            "exempt": self.env._("exempt"),
            "joining": self.env._("joined in the period"),
            "paid": self.env._("paid in full"),
        }

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
        self._check_not_locked(self.company_id.kmp_dues_journal_id, self.date)

    def _check_not_locked(self, journal, day):
        """Odoo would move the entry to the first open day without a word."""
        # sudo: lock dates belong to accounting
        locks = self.company_id.sudo()._get_violated_lock_dates(day, has_tax=False, journal=journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(run)s: %(date)s lies in a locked period (%(locks)s). Choose a later date, or ask the accountant to open "
                    "the period.",
                    run=self.name,
                    date=format_date(self.env, day),
                    locks=self.env["res.company"]._format_lock_dates(locks),
                )
            )

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
        self._check_not_locked(self.journal_id, day)

    def _start(self):
        if self.line_count > DIRECT_LINES:
            self.env.ref("kmp_membership.contribution_run_cron")._trigger()
            return
        while self._process_batch():
            pass

    @api.model
    def _cron_process(self):
        """Bill and cancel in the background, one entry and one commit after the other.

        A batch that fails stops its run, which says why and waits for an officer; the others go on.
        """
        runs = self.search([("state", "in", ("billing", "cancelling")), ("halted", "=", False)], order="id")
        for run in runs:
            if not run.with_company(run.company_id)._process_in_background():
                return  # out of time: Odoo calls again as long as something remains

    def _count_remaining(self):
        state = "billed" if self.state == "cancelling" else "draft"
        return self.env["kmp.contribution.line"].search_count(
            [("run_id", "=", self.id), ("state", "=", state)]
        )

    def _process_batch(self):
        """Do the next batch of this run, and close the run after the last one.

        :return: the number of lines done; 0 when nothing was left
        """
        self.ensure_one()
        if self.state not in ("billing", "cancelling"):
            return 0
        is_cancelling = self.state == "cancelling"
        # sudo: lines are written by runs only
        lines = (
            self.env["kmp.contribution.line"]
            .sudo()
            .search(
                [("run_id", "=", self.id), ("state", "=", "billed" if is_cancelling else "draft")],
                order="id",
                limit=BATCH_LINES,
            )
        )
        if lines and is_cancelling:
            lines._cancel(self.cancel_date, self.cancel_reason)
        elif lines:
            self._bill(lines)
        self._invalidate_totals()
        if not self._count_remaining():
            unsealed(self).state = "cancelled" if is_cancelling else "billed"
        return len(lines)

    def _bill(self, lines):
        """Post one entry for these lines and tie each to its journal item."""
        self._check_not_locked(self.journal_id, self.date)
        move = self._post_dues_entry("bill", self.date, self._prepare_bill_items(lines))
        items = move.line_ids.filtered("partner_id").sorted("id")
        self.env.flush_all()
        # Tied in the order of creation, and only where the member and the amount agree.
        tied = self.env.execute_query(
            SQL(
                """
                UPDATE kmp_contribution_line l SET move_line_id = aml.id, state = 'billed'
                  FROM unnest(%s, %s) AS tie(line_id, item_id), account_move_line aml, kmp_membership m
                 WHERE l.id = tie.line_id AND aml.id = tie.item_id AND m.id = l.membership_id
                   AND aml.partner_id = m.partner_id AND aml.balance = l.amount AND l.state = 'draft'
             RETURNING l.id
                """,
                lines.ids,
                items.ids,
            )
        )
        lines.invalidate_recordset(["state", "move_line_id", "amount_open"])
        if len(tied) != len(lines):
            raise UserError(
                self.env._(
                    "%(run)s: %(count)s lines did not reach the ledger. Nothing was billed; prepare the run again.",
                    run=self.name,
                    count=len(lines) - len(tied),
                )
            )

    def _prepare_bill_items(self, lines):
        """Items of the entry: (account, partner, balance, label, due date)."""
        called = {}
        items = []
        for line in lines:
            share_type = line.share_type_id.name
            called[share_type] = called.get(share_type, 0) + line.amount
            items.append(
                (
                    self.receivable_account_id.id,
                    line.partner_id.id,
                    line.amount,
                    line._describe(share_type),
                    line.date_due,
                )
            )
        return items + [
            (self.called_account_id.id, False, -amount, share_type, False)
            for share_type, amount in called.items()
        ]

    def _post_dues_entry(self, kind, day, items, reason=None):
        """Post one entry of this run.

        :param kind: ``bill``, ``cancel`` or ``transfer``
        :param items: list of (account id, partner id, balance, label, due date), amounts in the company's currency
        :return: the posted account.move, as superuser
        """
        self.ensure_one()
        self._check_not_locked(self.journal_id, day)
        currency = self.currency_id
        # A plain environment: neither defaults of the caller's form nor its flags belong into this entry.
        # sudo: whoever bills, pays or undoes a payment needs no other right in accounting for it
        env = self.env(
            su=True,
            context={
                "lang": self.env.lang,
                "allowed_company_ids": self.company_id.ids,
                "tracking_disable": True,
            },
        )
        moves = unsealed(env["account.move"])
        move = moves.create(
            {
                "move_type": "entry",
                "company_id": self.company_id.id,
                "journal_id": self.journal_id.id,
                "date": day,
                "ref": f"{self.name}: {reason}" if reason else self.name,
                "kmp_contribution_run_id": self.id if kind != "transfer" else False,
                "kmp_dues_kind": kind,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account_id,
                            "partner_id": partner_id,
                            "balance": currency.round(balance),
                            "amount_currency": currency.round(balance),
                            "currency_id": currency.id,
                            "name": label,
                            "date_maturity": date_due,
                            # What Odoo would compute for each of a thousand items.
                            "display_type": "product",
                            "quantity": 1,
                            "sequence": 100,
                            "tax_ids": [],
                            "product_uom_id": False,
                            "analytic_distribution": {},
                        }
                    )
                    for account_id, partner_id, balance, label, date_due in items
                ],
            }
        )
        move._post(soft=False)
        return move

    @api.model
    def _describe_line(self, share_type_name, date_from, date_to):
        """For example ``Simpanan Wajib, January 2025``."""
        return ", ".join(filter(None, (share_type_name, self._describe_period(date_from, date_to))))

    @api.model
    def _describe_period(self, date_from, date_to):
        if date_to == FOREVER:
            return ""
        is_whole = date_from.day == 1 and date_to.day == calendar.monthrange(date_to.year, date_to.month)[1]
        if is_whole and (date_from.month, date_to.month) == (1, 12) and date_from.year == date_to.year:
            return str(date_from.year)
        first, last = (
            format_date(self.env, day, date_format="MMMM y" if is_whole else None)
            for day in (date_from, date_to)
        )
        return first if first == last else f"{first} – {last}"
