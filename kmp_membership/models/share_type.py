from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, formatLang

from ..tools import KEY_CHECK, is_key

# Savings are the members' money on deposit; everything else is capital, whatever side of the balance sheet it is shown on.
SAVINGS_KINDS = ("voluntary", "term")
ACCOUNT_TYPES = {
    "equity": ("equity", "equity_unaffected"),
    "liability": ("liability_current", "liability_non_current", "liability_payable"),
}


class ShareType(models.Model):
    """What a member pays in, and the account on which it stands. The account is the register: there is no second balance.

    UU 25/1992 art. 41: membership share (simpanan pokok) and compulsory contribution (simpanan wajib) are own capital. Whether
    a type is equity or a liability is a setting, because refundable shares may be liabilities under the full standards.
    """

    _name = "kmp.share.type"
    _description = "Share Type"
    _order = "sequence, code"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    kind = fields.Selection(
        [
            ("membership", "Membership share (simpanan pokok)"),
            ("compulsory", "Compulsory contribution (simpanan wajib)"),
            ("special", "Special shares (simpanan khusus)"),
            ("participation", "Participation capital (modal penyertaan)"),
            ("voluntary", "Voluntary savings (simpanan sukarela)"),
            ("term", "Term savings (simpanan berjangka)"),
        ],
        required=True,
        default="membership",
    )
    classification = fields.Selection(
        [("equity", "Equity"), ("liability", "Liability")],
        required=True,
        compute="_compute_classification",
        store=True,
        readonly=False,
        precompute=True,
    )
    account_id = fields.Many2one(
        "account.account",
        required=True,
        ondelete="restrict",
        check_company=True,
        index=True,
        domain="[('account_type', 'in', ('equity', 'liability_current', 'liability_non_current'))]",
    )
    counts_for_capital_base = fields.Boolean(
        compute="_compute_counts_for_capital_base",
        store=True,
        readonly=False,
        precompute=True,
        help="The holding earns a share of the surplus on capital (jasa modal).",
    )
    counts_for_votes = fields.Boolean(
        help="A holding of this type carries a vote. Participation capital does not (modal penyertaan)."
    )
    redemption = fields.Selection(
        [("any_time", "At any time"), ("on_exit", "When the member leaves"), ("never", "Never")],
        "Paid Back",
        required=True,
        compute="_compute_redemption",
        store=True,
        readonly=False,
        precompute=True,
        help="Membership shares and compulsory contributions are usually refunded on exit only: see the by-laws.",
    )
    lock_up_months = fields.Integer(
        "Lock-up (months)", help="How long each amount stays before it can be paid back."
    )
    notice_months = fields.Integer(
        "Notice (months)", help="How long before the repayment the member must ask for it."
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    balance = fields.Monetary("Paid In", compute="_compute_balance")

    _unique_code = models.Constraint(
        "UNIQUE (company_id, code)", "Another share type of this company has the same code."
    )
    _unique_account = models.Constraint(
        "UNIQUE (company_id, account_id)", "Another share type already uses this account."
    )
    _months_not_negative = models.Constraint(
        "CHECK (lock_up_months >= 0 AND notice_months >= 0)", "Lock-up and notice are zero months or more."
    )
    _code_is_key = models.Constraint(
        KEY_CHECK % ("code", "code"), "The code of a share type holds no TAB, line break or backslash."
    )

    @api.depends("kind")
    def _compute_classification(self):
        for share_type in self:
            share_type.classification = "liability" if share_type.kind in SAVINGS_KINDS else "equity"

    @api.depends("kind")
    def _compute_counts_for_capital_base(self):
        for share_type in self:
            share_type.counts_for_capital_base = share_type.kind not in SAVINGS_KINDS

    @api.depends("kind")
    def _compute_redemption(self):
        for share_type in self:
            share_type.redemption = (
                "any_time" if share_type.kind in (*SAVINGS_KINDS, "participation") else "on_exit"
            )

    def _compute_balance(self):
        totals = self._get_totals(fields.Date.context_today(self))
        for share_type in self:
            share_type.balance = float(totals.get(share_type.id, 0))

    @api.constrains("code")
    def _check_code(self):
        for share_type in self:
            if not is_key(share_type.code):
                raise ValidationError(
                    self.env._(
                        "Share type %(name)s: the code %(code)r cannot be used. Give up to 32 visible characters, without a "
                        "backslash and without spaces around them.",
                        name=share_type.name,
                        code=share_type.code,
                    )
                )

    @api.constrains("account_id", "classification")
    def _check_account(self):
        for share_type in self:
            account = share_type.account_id
            if account.account_type not in ACCOUNT_TYPES[share_type.classification]:
                raise ValidationError(
                    self.env._(
                        "Share type %(name)s is classified as %(classification)s, but the account %(account)s is of another kind. "
                        "Choose an account of that kind, or change the classification.",
                        name=share_type.name,
                        classification=dict(self._fields["classification"]._description_selection(self.env))[
                            share_type.classification
                        ],
                        account=account.display_name,
                    )
                )

    @api.constrains("account_id", "company_id")
    def _check_items_have_members(self):
        """An account with history becomes a register only when every posted item on it names a member."""
        self.env["account.move.line"]._check_share_items(share_types=self)

    def write(self, vals):
        if vals.keys() & {"account_id", "company_id"}:
            used = self.filtered(
                lambda share_type: (
                    share_type.account_id.id != vals.get("account_id", share_type.account_id.id)
                    or share_type.company_id.id != vals.get("company_id", share_type.company_id.id)
                )
            )
            used._check_unused(self.env._("its account cannot be changed"))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused(self.env._("it cannot be deleted; archive it instead"))

    def _check_unused(self, consequence):
        used_accounts = {
            (company.id, account.id)
            # sudo: whoever configures share types need not see the journal items
            for company, account in self.env["account.move.line"]
            .sudo()
            ._read_group(
                [
                    ("account_id", "in", self.account_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("parent_state", "=", "posted"),
                ],
                ["company_id", "account_id"],
            )
        }
        for share_type in self:
            if (share_type.company_id.id, share_type.account_id.id) in used_accounts:
                raise UserError(
                    self.env._(
                        "Share type %(name)s has posted journal items on the account %(account)s: %(consequence)s.",
                        name=share_type.name,
                        account=share_type.account_id.display_name,
                        consequence=consequence,
                    )
                )

    # ---------------------------------------------------------------- service

    def _get_holdings_query(self, date_to):
        """What each member holds of these share types at the end of a day, as a SELECT to build on.

        Columns: ``partner_id``, ``share_type_id``, ``balance`` (numeric; positive is paid in: credit less debit of the posted
        journal items of the share type's company up to and including ``date_to``). A partner without items has no row; one whose
        items cancel out has a row with zero.
        """
        lines = self.env["account.move.line"]
        # Grouped by account first and joined with the few share types afterwards.
        return SQL(
            """
            SELECT sums.partner_id, t.id AS share_type_id, sums.balance
              FROM (
                    SELECT %(partner)s AS partner_id, %(account)s AS account_id, %(company)s AS company_id, -SUM(%(balance)s) AS balance
                      FROM account_move_line aml
                     WHERE %(account)s = ANY(ARRAY(SELECT account_id FROM kmp_share_type WHERE id = ANY(%(ids)s)))
                       AND %(company)s = ANY(ARRAY(SELECT company_id FROM kmp_share_type WHERE id = ANY(%(ids)s)))
                       AND %(state)s = 'posted' AND %(date)s <= %(date_to)s
                     GROUP BY %(partner)s, %(account)s, %(company)s
                   ) sums
              JOIN kmp_share_type t ON t.account_id = sums.account_id AND t.company_id = sums.company_id
             WHERE t.id = ANY(%(ids)s)
            """,
            partner=lines._field_to_sql("aml", "partner_id"),
            balance=lines._field_to_sql("aml", "balance"),
            account=lines._field_to_sql("aml", "account_id"),
            company=lines._field_to_sql("aml", "company_id"),
            state=lines._field_to_sql("aml", "parent_state"),
            date=lines._field_to_sql("aml", "date"),
            ids=self.ids,
            date_to=fields.Date.to_date(date_to),
        )

    def _get_holdings_by_type_query(self, date_to):
        """What each member holds of these share types of one company, side by side: one pass over the journal items.

        Columns: ``partner_id`` and for each share type ``t<id>``, as in ``_get_holdings_query``; NULL where there are no items.
        """
        self.company_id.ensure_one()
        lines = self.env["account.move.line"]
        return SQL(
            """
            SELECT %(partner)s AS partner_id %(sums)s
              FROM account_move_line aml
             WHERE %(account)s = ANY(%(accounts)s) AND %(company)s = %(company_id)s
               AND %(state)s = 'posted' AND %(date)s <= %(date_to)s
             GROUP BY %(partner)s
            """,
            sums=SQL().join(
                SQL(
                    ", -SUM(%s) FILTER (WHERE %s = %s) AS %s",
                    lines._field_to_sql("aml", "balance"),
                    lines._field_to_sql("aml", "account_id"),
                    share_type.account_id.id,
                    SQL.identifier(f"t{share_type.id}"),
                )
                for share_type in self
            ),
            partner=lines._field_to_sql("aml", "partner_id"),
            account=lines._field_to_sql("aml", "account_id"),
            company=lines._field_to_sql("aml", "company_id"),
            state=lines._field_to_sql("aml", "parent_state"),
            date=lines._field_to_sql("aml", "date"),
            accounts=self.account_id.ids,
            company_id=self.company_id.id,
            date_to=fields.Date.to_date(date_to),
        )

    def _get_holdings(self, date_to, partners=None):
        """What each member holds of these share types at the end of a day.

        :param date_to: the day, included
        :param partners: limit to these partners
        :return: {(partner id, share type id): Decimal}, exact
        Query budget: one, whatever the number of members.
        """
        where = SQL("WHERE partner_id = ANY(%s)", partners.ids) if partners is not None else SQL()
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, share_type_id, balance::text FROM (%s) holdings %s",
                self._get_holdings_query(date_to),
                where,
            )
        )
        return {(partner_id, type_id): Decimal(balance) for partner_id, type_id, balance in rows}

    def _get_lowest_holding(self, partner, day):
        """The least that a partner holds of this type at the end of ``day`` or of any later day: what may still be taken out.

        Query budget: one.
        """
        self.ensure_one()
        movements = self._get_movements(partner)
        balance = lowest = sum((amount for date, amount, _undone in movements if date <= day), Decimal())
        for date, amount, _undone in movements:
            if date > day:
                balance += amount
                lowest = min(lowest, balance)
        return lowest

    def _get_unlocked_holding(self, partner, day):
        """What of the holding is out of the lock-up on ``day``; first in, first out: the oldest amounts are paid back first.

        Query budget: one.
        """
        self.ensure_one()
        limit = day - relativedelta(months=self.lock_up_months)
        movements = [(date, amount) for date, amount, undone in self._get_movements(partner) if not undone]
        paid_in = sum((amount for date, amount in movements if amount > 0 and date <= limit), Decimal())
        taken_out = sum((-amount for date, amount in movements if amount < 0 and date <= day), Decimal())
        return max(paid_in - taken_out, Decimal())

    def _get_movements(self, partner):
        """The partner's posted items, oldest first: [(date, amount, undone)].

        Paid in is positive; an entry and its posted reversal are both undone. Query budget: one.
        """
        lines = self.env["account.move.line"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(date)s, (-%(balance)s)::text,
                       move.reversed_entry_id IS NOT NULL OR EXISTS (
                           SELECT FROM account_move reversal
                            WHERE reversal.reversed_entry_id = move.id AND reversal.state = 'posted'
                       )
                  FROM account_move_line aml JOIN account_move move ON move.id = aml.move_id
                 WHERE %(account)s = %(account_id)s AND %(company)s = %(company_id)s AND %(partner)s = %(partner_id)s
                   AND %(state)s = 'posted'
                 ORDER BY aml.date, aml.id
                """,
                date=lines._field_to_sql("aml", "date"),
                balance=lines._field_to_sql("aml", "balance"),
                account=lines._field_to_sql("aml", "account_id"),
                company=lines._field_to_sql("aml", "company_id"),
                partner=lines._field_to_sql("aml", "partner_id"),
                state=lines._field_to_sql("aml", "parent_state"),
                account_id=self.account_id.id,
                company_id=self.company_id.id,
                partner_id=partner.id,
            )
        )
        return [(date, Decimal(amount), undone) for date, amount, undone in rows]

    def _get_totals(self, date_to):
        """{share type id: Decimal} over all members. Query budget: one."""
        rows = self.env.execute_query(
            SQL(
                "SELECT share_type_id, SUM(balance)::text FROM (%s) holdings GROUP BY share_type_id",
                self._get_holdings_query(date_to),
            )
        )
        return {type_id: Decimal(balance) for type_id, balance in rows}

    def _format(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.company_id.currency_id)

    def action_open_ledger(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.share_ledger_action")
        return action | {
            "display_name": self.name,
            "domain": [("share_type_id", "=", self.id)],
            "context": {},
        }
