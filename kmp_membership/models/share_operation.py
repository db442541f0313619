from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import is_unsealed

SEALED_FIELDS = {"state", "name", "move_id", "reversal_move_id", "payment_move_id"}
# What a posted operation may still change.
FREE_FIELDS = {"message_main_attachment_id", "activity_ids", "message_follower_ids", "message_ids"}
CASH_KINDS = ("deposit", "withdrawal")
MONEY_JOURNALS = ("cash", "bank")


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

    @api.depends("company_id", "kind", "method")
    def _compute_journal_id(self):
        """Money goes through a cash or bank journal, everything else through a general one; what was chosen stays where it may."""
        for (company, is_money), operations in self.grouped(
            lambda operation: (operation.company_id, operation._is_money())
        ).items():
            journal = company._get_deposit_journal() if is_money else company._get_share_journal()
            types = MONEY_JOURNALS if is_money else ("general",)
            misplaced = operations.filtered(
                lambda operation, types=types: (
                    operation.journal_id.company_id != operation.company_id
                    or operation.journal_id.type not in types
                )
            )
            misplaced.journal_id = journal

    def _is_money(self):
        return self.kind in CASH_KINDS and self.method == "money"

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

    def _check_can_reverse(self):
        """Hook: refuse to reverse what has consequences."""

    def _after_post(self):
        """Hook: what follows on the posted entry."""
