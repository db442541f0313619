from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ResCompany(models.Model):
    _inherit = "res.company"

    kmp_deposit_journal_id = fields.Many2one(
        "account.journal",
        "Deposits Are Paid To",
        check_company=True,
        domain="[('type', 'in', ('cash', 'bank'))]",
    )

    kmp_activate_on_payment = fields.Boolean(
        "First Share Makes a Member",
        default=True,
        help="An approved applicant becomes a member on the day the first share is paid.",
    )
    kmp_share_journal_id = fields.Many2one(
        "account.journal",
        "Redemptions and Conversions",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )
    kmp_payroll_account_id = fields.Many2one(
        "account.account",
        "Kept Back from Wages",
        check_company=True,
        help="The clearing account that payroll credits with what it keeps back for shares, and deposits out of wages debit.",
    )
    kmp_loss_account_id = fields.Many2one(
        "account.account",
        "Losses Charged to Members",
        check_company=True,
        help="Credited when a member who leaves bears a loss.",
    )

    def _check_not_locked(self, day, journal, what):
        """Odoo moves an entry out of a locked period without a word. What is dated by a payment or a decision stays on its day.

        :param what: names the record in the message
        :raise UserError: the day is locked for this user in this journal
        """
        # sudo: lock dates belong to accounting
        locks = self.sudo()._get_violated_lock_dates(day, has_tax=False, journal=journal)
        if locks:
            raise UserError(
                self.env._(
                    "%(what)s: %(date)s lies in a locked period (%(locks)s). Choose a later date, or ask the accountant to open "
                    "the period.",
                    what=what,
                    date=format_date(self.env, day),
                    locks=self._format_lock_dates(locks),
                )
            )

    def _get_kmp_sequence(self, code, name, **vals):
        """The company's own sequence of a code, created with ``vals`` when it is first needed."""
        # sudo: officers need not be allowed to configure sequences
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search([("code", "=", code), ("company_id", "=", self.id)], limit=1)
        return sequence or sequences.create(
            {"code": code, "name": name, "company_id": self.id, "padding": 5, **vals}
        )

    def _get_share_journal(self):
        """The journal of redemptions and conversions: the company's choice, else its first general journal."""
        return self.kmp_share_journal_id or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.id)], limit=1
        )

    def _get_deposit_journal(self):
        """The journal that a new deposit proposes: the company's choice, else its first cash journal, else its first bank."""
        if self.kmp_deposit_journal_id:
            return self.kmp_deposit_journal_id
        journals = self.env["account.journal"].search(
            [("type", "in", ("cash", "bank")), ("company_id", "=", self.id)]
        )
        return journals.sorted(lambda journal: journal.type != "cash")[:1]
