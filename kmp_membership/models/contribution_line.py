from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ..tools import unsealed
from .membership import OFFICER


class ContributionLine(models.Model):
    """What one member owes of one share type for one period: the narrow line between a run and the open item in the ledger.

    A member is billed once for a share type and period: an exclusion constraint holds it, cancelled lines apart. What is still open
    is read from the journal item, not stored here.
    """

    _name = "kmp.contribution.line"
    _description = "Member Dues"
    _order = "period_from desc, membership_id, share_type_id, id desc"
    _log_access = False
    _check_company_auto = True

    run_id = fields.Many2one(
        "kmp.contribution.run", "Dues Run", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    membership_id = fields.Many2one(
        "kmp.membership", "Member", required=True, readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="membership_id.partner_id")
    share_type_id = fields.Many2one("kmp.share.type", required=True, readonly=True, ondelete="restrict")
    class_id = fields.Many2one("kmp.stakeholder.class", required=True, readonly=True, ondelete="restrict")
    term_id = fields.Many2one(
        "kmp.share.term", "Share Term", required=True, readonly=True, ondelete="restrict", index=True
    )
    period_from = fields.Date("From", required=True, readonly=True)
    period_to = fields.Date("Until", required=True, readonly=True)
    date_due = fields.Date("Due Date", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    state = fields.Selection(
        [("draft", "Prepared"), ("billed", "Billed"), ("cancelled", "Cancelled")],
        "Status",
        required=True,
        readonly=True,
    )
    status = fields.Selection(
        [
            ("draft", "Prepared"),
            ("open", "Open"),
            ("partial", "Partly Paid"),
            ("paid", "Paid"),
            ("waived", "Rest Waived"),
            ("cancelled", "Cancelled"),
        ],
        "Payment",
        compute="_compute_status",
    )
    move_line_id = fields.Many2one(
        "account.move.line", "Journal Item", readonly=True, ondelete="restrict", bypass_search_access=True
    )
    cancel_reason = fields.Char("Cancelled Because", readonly=True)
    amount_open = fields.Monetary("Open", related="move_line_id.amount_residual")
    transfer_ids = fields.One2many("kmp.contribution.transfer", "line_id", "Paid In", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    _billed_once = models.Constraint(
        "EXCLUDE USING gist (int4range(membership_id, membership_id, '[]') WITH &&, "
        "int4range(share_type_id, share_type_id, '[]') WITH &&, "
        "daterange(period_from, period_to, '[]') WITH &&) WHERE (state <> 'cancelled')",
        "Some of these members were prepared or billed by another run for the same share type and period. Prepare this run again.",
    )
    _billed_has_item = models.Constraint(
        "CHECK ((state = 'draft') = (move_line_id IS NULL))", "What was billed has a journal item."
    )
    _positive_amount = models.Constraint(
        "CHECK (amount > 0)", "Nothing or less than nothing cannot be billed."
    )
    _unique_item = models.UniqueIndex("(move_line_id) WHERE move_line_id IS NOT NULL")
    _to_bill_index = models.Index("(run_id, id) WHERE state = 'draft'")

    @api.depends("membership_id", "share_type_id", "period_from")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.membership_id.display_name}, {line._describe(line.share_type_id.name)}"
            )

    @api.depends("state", "amount", "amount_open", "amount_waived")
    def _compute_status(self):
        for line in self:
            if line.state != "billed":
                line.status = line.state
            elif line.currency_id.is_zero(line.amount_open):
                line.status = "waived" if line.amount_waived else "paid"
            else:
                line.status = "partial" if line.amount_open < line.amount else "open"

    def action_cancel(self):
        self.check_access("read")
        self._check_officer()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.contribution_cancel_action")
        return action | {"context": {"default_line_ids": [Command.set(self.ids)]}}

    def action_pay(self):
        self._check_officer()
        return self.membership_id.action_pay_dues()

    def action_open_entry(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.sudo().move_line_id.move_id.id,  # sudo: the access is checked when the entry opens
            "view_mode": "form",
        }

    def _describe(self, share_type_name):
        self.ensure_one()
        return self.env["kmp.contribution.run"]._describe_line(
            share_type_name, self.period_from, self.period_to
        )

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._(
                    "Only an officer of the co-operative may bill or cancel dues, or take their payment."
                )
            )

    def _cancel(self, day, reason):
        """Cancel these unpaid lines: one entry takes back what was called, and is matched with it. The period may be billed again.

        :param day: the date of the entry
        :param reason: kept on the lines
        :raise UserError: a line is not billed, was paid in part, or the day is locked or before the billing
        """
        self._check_officer()
        self.check_access("read")
        lines = self.sudo()  # sudo: lines are written by runs only
        lines.lock_for_update()
        lines.invalidate_recordset(["state"])
        lines._check_can_cancel(day)
        lines._take_back(day, reason)
        lines.write({"state": "cancelled", "cancel_reason": reason})
        lines.run_id._invalidate_totals()
        return True

    def _take_back(self, day, reason):
        """Post the entry, one per run, that takes back what is open of these lines, and match it with them."""
        for run, lines in self.grouped("run_id").items():
            move = run._post_dues_entry("cancel", day, lines._prepare_cancel_items(), reason)
            taken_back = move.line_ids.filtered("partner_id").sorted("id")
            plan = [line.move_line_id | item for line, item in zip(lines, taken_back, strict=True)]
            unsealed(self.env["account.move.line"].sudo())._reconcile_plan(plan)

    def _prepare_cancel_items(self):
        """Items of the entry: (account, partner, balance, label, due date)."""
        called = {}
        for line in self:
            key = line.run_id.called_account_id.id, line.share_type_id.name
            called[key] = called.get(key, 0) + line.amount_open
        items = [(account_id, False, amount, name, False) for (account_id, name), amount in called.items()]
        return items + [
            (
                line.run_id.receivable_account_id.id,
                line.partner_id.id,
                -line.amount_open,
                line._describe(line.share_type_id.name),
                False,
            )
            for line in self
        ]

    def _check_can_cancel(self, day):
        self._check_can_take_back(day)
        for line in self:
            if line.currency_id.compare_amounts(line.amount_open, line.amount):
                raise UserError(
                    self.env._(
                        "%(line)s was paid, at least in part. Undo the matching of the payment first.",
                        line=line.display_name,
                    )
                )

    def _check_can_take_back(self, day):
        for line in self:
            if line.state != "billed":
                raise UserError(
                    self.env._("%(line)s is not billed, or already cancelled.", line=line.display_name)
                )
            if day < line.run_id.date:
                raise UserError(
                    self.env._(
                        "%(line)s was billed on %(date)s and cannot be cancelled before that day.",
                        line=line.display_name,
                        date=format_date(self.env, line.run_id.date),
                    )
                )

    @api.model
    def _get_open_query(self, company_ids=None):
        """The open dues as a SELECT to build on: one row per line that is billed and not paid in full.

        Columns: ``line_id``, ``company_id``, ``membership_id``, ``share_type_id``, ``move_line_id``, ``date_due`` (which may have
        been put off on the journal item), ``amount_open``. Driven from the unreconciled items of the receivable accounts, of which
        there are few, not from all that was ever billed.

        :param company_ids: limit to these companies; by default all, for what record rules restrict afterwards
        """
        items = self.env["account.move.line"]
        self.flush_model()
        self.env["kmp.contribution.run"].flush_model(["receivable_account_id", "company_id"])
        return SQL(
            """
            SELECT l.id AS line_id, l.company_id, l.membership_id, l.share_type_id, aml.id AS move_line_id,
                   COALESCE(%(maturity)s, l.date_due) AS date_due, %(residual)s AS amount_open
              FROM account_move_line aml
              JOIN kmp_contribution_line l ON l.move_line_id = aml.id AND l.state = 'billed'
             WHERE %(account)s IN (SELECT receivable_account_id FROM kmp_contribution_run)
               AND %(reconciled)s IS NOT TRUE AND %(scope)s
            """,
            maturity=items._field_to_sql("aml", "date_maturity"),
            residual=items._field_to_sql("aml", "amount_residual"),
            account=items._field_to_sql("aml", "account_id"),
            reconciled=SQL.identifier("aml", "reconciled", to_flush=items._fields["reconciled"]),
            scope=SQL("l.company_id = ANY(%s)", list(company_ids))
            if company_ids is not None
            else SQL("TRUE"),
        )
