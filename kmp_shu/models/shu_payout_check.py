from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

NAMED_PROBLEMS = 5


class KmpShuPayoutLine(models.Model):
    """What keeps a line from being paid: one rule set for the screen, the confirmation and the posting."""

    _inherit = "kmp.shu.payout.line"

    problem = fields.Selection(
        [
            ("above_open", "More than is open on the share"),
            ("no_heir", "The member has died: enter the heir"),
            ("no_proof", "The member has died: enter the document of who inherits"),
            ("not_an_heir", "Only an heir may be paid in place of the member"),
            ("no_account", "No bank account"),
            ("foreign_account", "The bank account is kept in another currency"),
            ("changed_account", "The bank account has changed since the confirmation"),
            ("above_dues", "More than the member owes of dues"),
            ("no_consent", "Enter the day and the document of the member's consent"),
            ("late_consent", "The consent is dated after the payout"),
            ("not_a_member", "Not a member any more: pay the share out instead"),
        ],
        compute="_compute_problem",
        search="_search_problem",
    )

    @api.depends("payout_id.state", "receiver_id", "amount", "consent_date", "document", "partner_bank_id")
    def _compute_problem(self):
        """Query budget: one for all records of the page."""
        problems = dict(self._get_problems(SQL("line.id = ANY(%s)", self.ids))) if self.ids else {}
        for line in self:
            line.problem = problems.get(line.id, False)

    def _search_problem(self, operator, value):
        if operator != "in":
            return NotImplemented
        problems = self._get_problems(
            SQL("line.company_id = ANY(%s) AND line.state IN ('draft', 'confirmed')", self.env.companies.ids)
        )
        if False in value:
            return [("id", "not in", [line_id for line_id, problem in problems if problem not in value])]
        return [("id", "in", [line_id for line_id, problem in problems if problem in value])]

    @api.model
    def _get_problem_cases(self):
        """[(problem, SQL condition)], the first that holds names the problem. `line`, `payout`, `share`, `membership`, `company`, `account`
        and `dues` are at hand: see `_get_problems`."""
        paid_out = SQL("payout.method IN ('cash', 'bank')")
        has_died = SQL("membership.left_reason = 'deceased'")
        return [
            ("above_open", SQL("claimed.amount > share.open_amount + COALESCE(back.amount, 0)")),
            ("no_heir", SQL("%s AND %s AND line.receiver_id IS NULL", paid_out, has_died)),
            ("no_proof", SQL("%s AND %s AND COALESCE(line.document, '') = ''", paid_out, has_died)),
            ("not_an_heir", SQL("line.receiver_id IS NOT NULL AND %s IS NOT TRUE", has_died)),
            ("no_account", SQL("payout.method = 'bank' AND account.id IS NULL")),
            (
                "foreign_account",
                SQL("payout.method = 'bank' AND account.currency_id <> company.currency_id"),
            ),
            (
                "changed_account",
                SQL(
                    "line.state = 'confirmed' AND line.account_number IS DISTINCT FROM account.sanitized_acc_number"
                ),
            ),
            ("above_dues", SQL("payout.method = 'offset' AND claimed.here > COALESCE(dues.amount, 0)")),
            (
                "no_consent",
                SQL(
                    "payout.method = 'share' AND (line.consent_date IS NULL OR COALESCE(line.document, '') = '')"
                ),
            ),
            ("late_consent", SQL("payout.method = 'share' AND line.consent_date > payout.date")),
            (
                "not_a_member",
                SQL("payout.method = 'share' AND membership.state NOT IN ('active', 'suspended')"),
            ),
        ]

    @api.model
    def _get_problems(self, scope: SQL):
        """[(line id, problem)] of the lines in draft or confirmed in `scope`, in the order of the list.

        What other confirmed payouts claim of a share counts. Query budget: one.
        """
        self.env.flush_all()
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, problem) for problem, condition in self._get_problem_cases()
        )
        return self.env.execute_query(
            SQL(
                """
                WITH dues AS (
                    SELECT due.membership_id, SUM(due.amount_open) AS amount FROM (%(open_dues)s) due GROUP BY 1)
                SELECT id, problem
                  FROM (SELECT line.id, line.class_id, line.number, CASE %(cases)s END AS problem
                          FROM kmp_shu_payout_line line
                          JOIN kmp_shu_payout payout ON payout.id = line.payout_id
                          JOIN kmp_shu_share share ON share.id = line.share_id
                          JOIN kmp_membership membership ON membership.id = line.membership_id
                          JOIN res_company company ON company.id = line.company_id
                     LEFT JOIN res_partner_bank account ON account.id = line.partner_bank_id AND account.active
                     LEFT JOIN (%(taken_back)s) back ON back.share_id = share.id
                     LEFT JOIN dues ON dues.membership_id = line.membership_id
                    CROSS JOIN LATERAL (
                               SELECT SUM(other.amount) AS amount,
                                      SUM(other.amount) FILTER (WHERE other.payout_id = line.payout_id) AS here
                                 FROM kmp_shu_payout_line other
                                WHERE other.share_id = line.share_id
                                  AND (other.state = 'confirmed'
                                       OR (other.state = 'draft' AND other.payout_id = line.payout_id))) claimed
                         WHERE line.state IN ('draft', 'confirmed') AND %(scope)s) checked
                 WHERE problem IS NOT NULL
                 ORDER BY class_id, number, id
                """,
                open_dues=self.env["kmp.contribution.line"]._get_open_query(self.env.companies.ids),
                taken_back=self.env["kmp.shu.share"]._get_taken_back_query(
                    SQL(
                        "share.id IN (SELECT line.share_id FROM kmp_shu_payout_line line JOIN kmp_shu_payout payout"
                        " ON payout.id = line.payout_id WHERE line.state IN ('draft', 'confirmed') AND %s)",
                        scope,
                    )
                ),
                cases=cases,
                scope=scope,
            )
        )


class KmpShuPayout(models.Model):
    """What must hold before a payout is confirmed, and again before it is posted."""

    _inherit = "kmp.shu.payout"

    def _check_ready(self):
        """Raise UserError, naming the records, unless all of the payout can be paid on its date."""
        self._check_run()
        self._check_date()
        self._check_accounts()
        getattr(self, f"_check_{self.method}")()
        self._check_lines()

    def _check_run(self):
        for payout in self:
            if payout.run_id.state != "posted":
                raise UserError(
                    self.env._(
                        "%(run)s is %(state)s. Only the shares of a posted distribution can be paid.",
                        run=payout.run_id.name,
                        state=dict(payout.run_id._fields["state"]._description_selection(self.env))[
                            payout.run_id.state
                        ].lower(),
                    )
                )

    def _check_date(self):
        # sudo: who confirms need not read the entry, only know its day
        entry_date = self.run_id.sudo().move_id.date
        if self.date < entry_date:
            raise UserError(
                self.env._(
                    "Payout %(payout)s: %(run)s was posted on %(date)s and cannot be paid before. Enter a later date.",
                    payout=self.display_name,
                    run=self.run_id.name,
                    date=format_date(self.env, entry_date),
                )
            )
        self.company_id._check_not_locked(self.date, self.journal_id, self.display_name)

    def _check_accounts(self):
        # sudo: an officer who confirms need not read the chart of accounts
        company, payable = self.company_id.sudo(), self.run_id.sudo().payable_account_id
        missing = []
        if not self.journal_id:
            missing.append(self._fields["journal_id"]._description_string(self.env))
        if self.tax_amount and not company.shu_tax_account_id:
            missing.append(company._fields["shu_tax_account_id"]._description_string(self.env))
        if missing:
            raise UserError(
                self.env._(
                    "Payout %(payout)s: %(missing)s is not set. Set it on the payout, or in the settings of %(company)s.",
                    payout=self.display_name,
                    missing=", ".join(missing),
                    company=company.name,
                )
            )
        company._check_own_currency(self.journal_id, self.display_name)
        if not payable.reconcile:
            raise UserError(
                self.env._(
                    "Account %(account)s does not allow reconciliation, so payments cannot be matched with the shares. Allow it in the "
                    "chart of accounts.",
                    account=payable.display_name,
                )
            )

    def _check_lines(self):
        if not self.line_count:
            raise UserError(
                self.env._("Payout %(payout)s has no members. Choose some.", payout=self.display_name)
            )
        lines = self.env["kmp.shu.payout.line"]
        problems = lines._get_problems(SQL("line.payout_id = %s", self.id))
        if not problems:
            return
        labels = dict(lines._fields["problem"]._description_selection(self.env))
        named = [
            f"{lines.browse(line_id).membership_id.display_name}: {labels[problem]}"
            for line_id, problem in problems[:NAMED_PROBLEMS]
        ]
        if len(problems) > NAMED_PROBLEMS:
            named.append(self.env._("and %s more", len(problems) - NAMED_PROBLEMS))
        raise UserError(
            self.env._(
                "Payout %(payout)s cannot be paid yet.\n%(problems)s",
                payout=self.display_name,
                problems="\n".join(named),
            )
        )
