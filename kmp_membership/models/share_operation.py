from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

from ..tools import is_unsealed, unsealed
from .membership import OFFICER

SEALED_FIELDS = {"state", "name", "move_id", "reversal_move_id", "payment_move_id"}
# What a posted operation may still change.
FREE_FIELDS = {"message_main_attachment_id", "activity_ids", "message_follower_ids", "message_ids"}
OPERATION_SEQUENCE = "kmp.share.operation"
PAYING_STATES = ("applicant", "approved", "active", "suspended")
CASH_KINDS = ("deposit", "withdrawal")


class ShareOperation(models.Model):
    """What a member pays in, takes out or moves between its share types: the document between the counter and the ledger.

    Its amount counts because its entry is posted. A *deposit* and a *withdrawal* (of savings) go through a cash or bank journal; a
    *redemption* turns capital into a debt to the member, which is paid afterwards; a *conversion* moves an amount between two
    types of the same member. Nothing moves between members: a membership is not transferable (UU 25/1992 art. 19 par. 3).
    """

    _name = "kmp.share.operation"
    _description = "Share Operation"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Number", copy=False, readonly=True)
    kind = fields.Selection(
        [
            ("deposit", "Deposit"),
            ("withdrawal", "Withdrawal"),
            ("redemption", "Redemption"),
            ("conversion", "Conversion"),
        ],
        "Operation",
        required=True,
        default="deposit",
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("posted", "Posted"), ("reversed", "Reversed")],
        "Status",
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    membership_id = fields.Many2one(
        "kmp.membership",
        "Member",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(related="membership_id.partner_id")
    class_id = fields.Many2one(related="membership_id.class_id", store=True)
    share_type_id = fields.Many2one(
        "kmp.share.type", required=True, index=True, check_company=True, ondelete="restrict", tracking=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today, copy=False, tracking=True)
    amount = fields.Monetary(required=True, tracking=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('type', 'in', ('cash', 'bank', 'general'))]",
    )
    counterpart_account_id = fields.Many2one(
        "account.account",
        "Other Account",
        check_company=True,
        ondelete="restrict",
        help="For what is not paid in cash: the account of the surplus payable, of the payroll ... Empty: the account of the journal.",
    )
    memo = fields.Char()
    move_id = fields.Many2one(
        "account.move",
        "Journal Entry",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reversal_move_id = fields.Many2one(
        "account.move",
        "Reversal Entry",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _positive_amount = models.Constraint(
        "CHECK (amount > 0)", "The amount of a share operation is above zero."
    )
    _unique_name = models.Constraint(
        "UNIQUE (company_id, name)", "Another share operation of the company has this number."
    )
    _posted_has_entry = models.Constraint(
        "CHECK (state = 'draft' OR (name IS NOT NULL AND move_id IS NOT NULL))",
        "A posted share operation has a number and an entry.",
    )
    _reversed_has_entry = models.Constraint(
        "CHECK ((state = 'reversed') = (reversal_move_id IS NOT NULL))",
        "A reversed share operation has a reversal entry.",
    )

    @api.depends("company_id", "kind")
    def _compute_journal_id(self):
        for (company, kind), operations in self.grouped(
            lambda operation: (operation.company_id, operation.kind)
        ).items():
            journal = company._get_deposit_journal() if kind in CASH_KINDS else company._get_share_journal()
            misplaced = operations.filtered(
                lambda operation: (
                    operation.journal_id.company_id != operation.company_id
                    or (operation.kind not in CASH_KINDS and operation.journal_id.type != "general")
                )
            )
            misplaced.journal_id = journal

    @api.depends("name", "kind", "state")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for operation in self:
            operation.display_name = operation.name or self.env._("Draft %s", kinds.get(operation.kind, ""))

    @api.onchange("membership_id")
    def _onchange_membership_id(self):
        if self.membership_id.company_id:
            self.company_id = self.membership_id.company_id

    @api.constrains("amount", "company_id")
    def _check_amount(self):
        for operation in self:
            if operation.currency_id.compare_amounts(
                operation.amount, operation.currency_id.round(operation.amount)
            ):
                raise ValidationError(
                    self.env._(
                        "%(name)s: round the amount to the smallest unit of the currency.",
                        name=operation.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.keys() & SEALED_FIELDS and vals.get("state", "draft") != "draft" for vals in vals_list):
            raise UserError(self.env._("A share operation begins as a draft. Post it afterwards."))
        return super().create(
            [{key: value for key, value in vals.items() if key not in SEALED_FIELDS} for vals in vals_list]
        )

    def write(self, vals):
        if not is_unsealed(self.env):
            if vals.keys() & SEALED_FIELDS:
                raise UserError(
                    self.env._(
                        "The number, the status and the entry of a share operation change only by posting or reversing."
                    )
                )
            final = self.filtered(lambda operation: operation.state != "draft")
            if final and vals.keys() - FREE_FIELDS:
                raise UserError(
                    self.env._(
                        "%(name)s is posted and does not change. Reverse it and enter a new one.",
                        name=final[0].display_name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for operation in self:
            if operation.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s is posted and stays. Reverse it instead.", name=operation.display_name
                    )
                )

    # ---------------------------------------------------------------- actions

    def action_post(self):
        """Post these drafts, all or none. For officers.

        :raise UserError: not a draft any more, no member, a locked period
        """
        self._check_officer()
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        self._lock_members()
        for operation in self:
            operation._check_can_post()
        # sudo: an officer of the co-operative posts share capital without any other right in accounting
        moves = self.env["account.move"].sudo().create([operation._prepare_move_vals() for operation in self])
        moves._post(soft=False)
        for operation, move in zip(self, moves, strict=True):
            unsealed(operation).write({"state": "posted", "name": operation._next_name(), "move_id": move.id})
            operation._after_post()
        self._check_nobody_overdrawn()
        self._check_limits()
        return True

    def action_reverse(self):
        self._check_officer()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "kmp_membership.share_operation_reversal_action"
        )
        return action | {"context": {"default_operation_ids": [Command.set(self.ids)]}}

    def action_open_entry(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "name": self.env._("Journal Entries"),
            "view_mode": "list,form",
            "domain": [("id", "in", (self.move_id | self.reversal_move_id | self.payment_move_id).ids)],
        }

    # ---------------------------------------------------------------- business

    def _check_officer(self):
        if not self.env.su and not self.env.user.has_group(OFFICER):
            raise AccessError(
                self.env._("Only an officer of the co-operative may post or reverse share operations.")
            )

    def _check_can_post(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("%(name)s is already posted.", name=self.display_name))
        self._check_not_locked(self.date)
        getattr(self, f"_check_{self.kind}")()

    def _check_deposit(self):
        if self.membership_id.state not in PAYING_STATES:
            raise UserError(
                self.env._(
                    "Member %(member)s is %(state)s and cannot pay in.",
                    member=self.membership_id.display_name,
                    state=self.membership_id._label("state"),
                )
            )
        self._check_counterpart()

    def _check_counterpart(self):
        if not self._get_counterpart_account():
            raise UserError(
                self.env._(
                    "The journal %(journal)s has no default account. Set one, or choose another journal.",
                    journal=self.journal_id.name,
                )
            )

    def _after_post(self):
        """Hook: what follows on the posted entry. The first share makes an approved applicant a member."""
        membership = self.membership_id
        if (
            self.kind == "deposit"
            and membership.state == "approved"
            and membership.applied_class_id
            and self.company_id.kmp_activate_on_payment
            and not membership._get_entry_dues(membership.applied_class_id, self.date)
        ):
            membership._apply_step(
                "activate", self.date, reason=self.env._("First share paid: %s", self.name)
            )

    def _check_limits(self):
        """The holding that the class allows on the day of the operation."""
        for operation in self:
            membership = operation.membership_id
            if membership.state not in ("active", "suspended"):
                continue
            terms = self.env["kmp.share.term"]._get_terms(membership.class_id, operation.date)[
                membership.class_id
            ]
            for share_type in operation.share_type_id | operation.target_share_type_id:
                if term := terms.get(share_type):
                    operation._check_limit(term, share_type in operation._get_debited_types())

    def _check_limit(self, term, is_debited):
        share_type = term.share_type_id
        held = share_type._get_lowest_holding(self.partner_id, self._get_debit_date())
        if (is_debited and held < term.minimum) or (not is_debited and term.maximum and held > term.maximum):
            raise UserError(
                self.env._(
                    "%(name)s: %(member)s would hold %(held)s of %(share_type)s. The class %(class)s holds at least %(minimum)s%(maximum)s.",
                    **{
                        "name": self.display_name,
                        "member": self.membership_id.display_name,
                        "held": share_type._format(held),
                        "share_type": share_type.name,
                        "class": term.class_id.display_name,
                        "minimum": share_type._format(term.minimum),
                        "maximum": self.env._(" and at most %s", share_type._format(term.maximum))
                        if term.maximum
                        else "",
                    },
                )
            )

    def _check_not_locked(self, day, journal=None):
        what = self.env._(
            "%(name)s of %(member)s", name=self.display_name, member=self.membership_id.display_name
        )
        self.company_id._check_not_locked(day, journal or self.journal_id, what)

    def _get_counterpart_account(self):
        # sudo: clerks do not read the accounts of a journal
        return self.counterpart_account_id or self.journal_id.sudo().default_account_id

    def _prepare_move_vals(self):
        self.ensure_one()
        label = self._get_label()
        lines = getattr(self, f"_get_{self.kind}_lines")()
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": label,
            "partner_id": self.partner_id.id,
            "line_ids": [
                Command.create(self._prepare_line_vals(account, balance, label))
                for account, balance in lines
                if balance
            ],
        }

    def _prepare_line_vals(self, account, balance, label):
        return {
            "name": label,
            "account_id": account.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "balance": balance,
            "amount_currency": balance,
            "analytic_distribution": {},  # saves a quarter of the time to create an entry
        }

    def _get_label(self):
        return self.memo or f"{self.share_type_id.name} {self.membership_id.number or ''}".strip()

    def _get_deposit_lines(self):
        """[(account, debit less credit)] of the entry."""
        return [(self._get_counterpart_account(), self.amount), (self.share_type_id.account_id, -self.amount)]

    def _next_name(self):
        # sudo: officers need not be allowed to configure sequences
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [("code", "=", OPERATION_SEQUENCE), ("company_id", "=", self.company_id.id)], limit=1
        )
        sequence = sequence or sequences.create(
            {
                "name": self.env._("Share operations of %s", self.company_id.name),
                "code": OPERATION_SEQUENCE,
                "company_id": self.company_id.id,
                "prefix": "SIM/%(range_year)s/",
                "padding": 5,
                "use_date_range": True,
            }
        )
        return sequence.next_by_id(sequence_date=self.date)

    def _reverse(self, day, reason=None):
        """Reverse these posted operations exactly and once.

        :raise UserError: not posted (any more), a locked period, or the member would hold less than nothing
        """
        self._check_officer()
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        self._lock_members()
        for operation in self:
            if operation.state != "posted":
                raise UserError(
                    self.env._("%(name)s is not posted, or already reversed.", name=operation.display_name)
                )
            if day < operation.date:
                raise UserError(
                    self.env._(
                        "%(name)s was posted on %(date)s and cannot be reversed before.",
                        name=operation.display_name,
                        date=format_date(self.env, operation.date),
                    )
                )
            operation._check_not_locked(day)
            operation._check_can_reverse()
        # sudo: as in action_post
        moves = unsealed(self.move_id.sudo())
        reversals = moves._reverse_moves(
            [
                {
                    "date": day,
                    "ref": self.env._(
                        "Reversal of %(entry)s: %(reason)s", entry=move.name, reason=reason or "-"
                    ),
                }
                for move in moves
            ]
        )
        reversals._post(soft=False)
        by_origin = {reversal.reversed_entry_id.id: reversal for reversal in reversals}
        for operation in self:
            unsealed(operation).write(
                {"state": "reversed", "reversal_move_id": by_origin[operation.move_id.id].id}
            )
        self._check_nobody_overdrawn()
        if reason:
            self._message_log_batch(bodies={operation.id: reason for operation in self})
        return True

    def _check_can_reverse(self):
        """Hook: refuse to reverse what has consequences."""

    def _lock_members(self):
        """Two officers who take out of the same holding at once: the second transaction starts again and sees the first."""
        # sudo: locking is no change
        self.env.cr.execute(
            SQL(
                "UPDATE kmp_membership SET write_date = write_date WHERE id = ANY(%s)", self.membership_id.ids
            )
        )

    def _check_nobody_overdrawn(self):
        """No member may hold less than nothing of a type, on the day of the operation or on any later day."""
        for operation in self:
            # sudo: what was paid on a type is held whether or not the user may see the type
            for share_type in operation._get_debited_types().sudo():
                held = share_type._get_lowest_holding(operation.partner_id, operation._get_debit_date())
                if held < 0:
                    raise UserError(
                        self.env._(
                            "%(name)s: %(member)s would hold %(held)s of %(share_type)s. Choose a smaller amount or another day.",
                            name=operation.display_name,
                            member=operation.membership_id.display_name,
                            held=share_type._format(held),
                            share_type=share_type.name,
                        )
                    )

    def _get_debited_types(self):
        """The share types of which the member holds less because of the operation, or of its reversal."""
        return self.share_type_id

    def _get_debit_date(self):
        return self.sudo().reversal_move_id.date or self.date  # sudo: the entry belongs to accounting
