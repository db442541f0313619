from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

from .shu_step import ACCOUNTANT

CLERK = "kmp_membership.group_clerk"
SEALED_FIELDS = {
    "state",
    "tax_amount",
    "account_number",
    "is_settled",
    "settled_by_id",
    "settled_on",
    "operation_id",
    "company_id",
    "membership_id",
    "class_id",
}


class KmpShuPayoutLine(models.Model):
    """What one receiver gets of one share. Above the company's limit of members per entry these lines are the subledger."""

    _name = "kmp.shu.payout.line"
    _description = "SHU Payout Line"
    _log_access = False
    _order = "payout_id, class_id, number, id"
    _rec_name = "share_id"
    _check_company_auto = True

    payout_id = fields.Many2one("kmp.shu.payout", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    run_id = fields.Many2one(related="payout_id.run_id")
    method = fields.Selection(related="payout_id.method")
    payout_state = fields.Selection(related="payout_id.state", string="Status of the Payout")
    share_id = fields.Many2one(
        "kmp.shu.share",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('run_id', '=', run_id), ('open_amount', '>', 0)]",
    )
    membership_id = fields.Many2one(
        "kmp.membership", "Member", required=True, readonly=True, ondelete="restrict"
    )
    number = fields.Char("Member Number", readonly=True)
    class_id = fields.Many2one("kmp.stakeholder.class", readonly=True, ondelete="restrict")
    partner_id = fields.Many2one(related="membership_id.partner_id", string="Member Contact")
    receiver_id = fields.Many2one(
        "res.partner",
        "Paid To",
        ondelete="restrict",
        check_company=True,
        help="The heir, when the member has died. Empty: the member.",
    )
    amount = fields.Monetary(required=True, help="What is handed over, after tax.")
    tax_amount = fields.Monetary("Tax Withheld", readonly=True)
    share_open_amount = fields.Monetary(related="share_id.open_amount", string="Open on the Share")
    consent_date = fields.Date(
        "Consent On", help="The day on which the member agreed to put the share into shares."
    )
    document = fields.Char(help="The member's consent, or the proof of who inherits: its number.")
    document_file = fields.Binary(attachment=True)
    document_file_name = fields.Char()
    partner_bank_id = fields.Many2one(
        "res.partner.bank", "Bank Account", ondelete="restrict", check_company=True
    )
    account_number = fields.Char(
        readonly=True, help="As it was when the payout was confirmed. The bank file uses no other."
    )
    is_settled = fields.Boolean("Handed Over", readonly=True, help="Has the money, or is to be executed.")
    settled_by_id = fields.Many2one("res.users", "Handed Over By", readonly=True)
    settled_on = fields.Datetime("Handed Over On", readonly=True)
    operation_id = fields.Many2one(
        "kmp.share.operation", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Confirmed"),
            ("paid", "Paid"),
            ("not_paid", "Not Collected"),
            ("reversed", "Reversed"),
        ],
        "Status",
        default="draft",
        required=True,
        readonly=True,
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "An amount to pay is above zero. Remove members who get nothing."
    )
    _tax_not_negative = models.Constraint("CHECK (tax_amount >= 0)", "A tax is not negative.")
    _one_receiver = models.UniqueIndex(
        "(payout_id, share_id, COALESCE(receiver_id, 0))", "This member is already in the payout."
    )

    @api.depends("payout_id", "number")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.payout_id.display_name} {line.number or ''}".strip()

    @api.constrains("amount")
    def _check_amount(self):
        for line in self:
            if line.currency_id.compare_amounts(line.amount, line.currency_id.round(line.amount)):
                raise ValidationError(
                    self.env._(
                        "%(member)s: round the amount to the smallest unit of the currency.",
                        member=line.membership_id.display_name,
                    )
                )

    @api.constrains("share_id", "payout_id")
    def _check_share(self):
        for line in self:
            if line.share_id.run_id != line.payout_id.run_id:
                raise ValidationError(
                    self.env._(
                        "The share of %(member)s belongs to another distribution than the payout %(payout)s.",
                        member=line.membership_id.display_name,
                        payout=line.payout_id.display_name,
                    )
                )

    @api.constrains("partner_bank_id", "receiver_id")
    def _check_account(self):
        for line in self.filtered("partner_bank_id"):
            receiver = line._get_receiver()
            if line.partner_bank_id.partner_id != receiver:
                raise ValidationError(
                    self.env._(
                        "The account %(account)s is not of %(receiver)s. Choose an account of who is paid.",
                        account=line.partner_bank_id.display_name,
                        receiver=receiver.display_name,
                    )
                )

    @api.onchange("share_id", "receiver_id")
    def _onchange_receiver(self):
        if not self.amount:
            self.amount = self.share_id.open_amount
        if self.share_id and self.partner_bank_id.partner_id != self._get_receiver():
            self.partner_bank_id = self._get_receiver().bank_ids[:1]

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        self._check_sealed(*vals_list)
        payouts = self.env["kmp.shu.payout"].browse({vals["payout_id"] for vals in vals_list})
        payouts._check_state("draft")
        shares = self.env["kmp.shu.share"].browse([vals["share_id"] for vals in vals_list])
        lines = super().create(
            [
                {**vals, **share._prepare_payout_line_vals()}
                for vals, share in zip(vals_list, shares, strict=True)
            ]
        )
        payouts._note_preparer()
        payouts._update_taxes(shares)
        return lines

    def write(self, vals):
        if is_unsealed(self.env):
            return super().write(vals)
        self.check_access("write")
        self._check_sealed(vals)
        if vals.keys() & {"payout_id", "share_id"}:
            raise UserError(self.env._("Remove the line and choose the other member."))
        self.payout_id._check_state("draft")
        result = super().write(vals)
        self.payout_id._note_preparer()
        if "amount" in vals:
            self.payout_id._update_taxes(self.share_id)
        return result

    def unlink(self):
        self.check_access("unlink")
        payouts = self.payout_id
        payouts._check_state("draft")
        result = super().unlink()
        payouts._note_preparer()
        return result

    def _check_sealed(self, *vals_list):
        if not is_unsealed(self.env) and any(SEALED_FIELDS & vals.keys() for vals in vals_list):
            raise UserError(
                self.env._(
                    "The status and the tax of a payout line change by the buttons of the payout only."
                )
            )

    def _get_receiver(self):
        return self.receiver_id or self.share_id.partner_id

    # Handing over

    def action_settle(self):
        """Mark that these members have their money: a clerk at the counter, from the confirmed list."""
        self._set_settled(is_settled=True)

    def action_unsettle(self):
        """Take the mark back; of a bank transfer: the bank did not execute it."""
        self._set_settled(is_settled=False)

    def _set_settled(self, is_settled):
        self._check_may_settle()
        self.payout_id.lock_for_update(allow_referencing=True)
        self.payout_id.invalidate_recordset(["state"])
        self.payout_id._check_state("confirmed")
        # sudo: a clerk marks, and changes nothing else
        unsealed(self.sudo()).write(
            {
                "is_settled": is_settled,
                "settled_by_id": self.env.uid if is_settled else False,
                "settled_on": fields.Datetime.now() if is_settled else False,
            }
        )
        self.payout_id.invalidate_recordset(["settled_count"])

    def _check_may_settle(self):
        self.check_access("read")
        methods = set(self.payout_id.mapped("method"))
        group = CLERK if methods <= {"cash"} else ACCOUNTANT
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "%(user)s may not mark this payout as handed over. Ask an administrator for the group %(group)s.",
                    user=self.env.user.name,
                    group=self.env.ref(group).sudo().full_name,  # the name of a group is no secret
                )
            )
        if methods & {"offset", "share"}:
            raise UserError(self.env._("Nothing is handed over here: the entry alone pays."))
