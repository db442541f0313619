import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.shu_step import ACCOUNTANT

SEPARATORS = re.compile(r"[\n\r\t,;]+")
NAMED_NUMBERS = 10


class KmpShuPayoutWizard(models.TransientModel):
    """Choose whom to pay of a posted distribution, how, and which part; the lines are written in one statement."""

    _name = "kmp.shu.payout.wizard"
    _description = "Prepare a Payout"
    _check_company_auto = True

    run_id = fields.Many2one(
        "kmp.shu.run", "Distribution", required=True, domain="[('state', '=', 'posted')]", check_company=True
    )
    company_id = fields.Many2one(related="run_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    method = fields.Selection(
        selection=lambda self: self.env["kmp.shu.payout"]._fields["method"]._description_selection(self.env),
        required=True,
        default="cash",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    selection = fields.Selection(
        [
            ("all", "Everybody with an open share"),
            ("classes", "Stakeholder classes"),
            ("shares", "Chosen members"),
            ("numbers", "A list of member numbers"),
        ],
        "Whom",
        required=True,
        default="all",
    )
    class_ids = fields.Many2many(
        "kmp.stakeholder.class", string="Classes", domain="[('company_id', '=', company_id)]"
    )
    share_ids = fields.Many2many(
        "kmp.shu.share", string="Shares", domain="[('run_id', '=', run_id), ('open_amount', '>', 0)]"
    )
    numbers = fields.Text(
        "Member Numbers", help="One per line, or separated by commas: as they come from a spreadsheet."
    )
    percent = fields.Float(
        "Part (%)", default=100, help="Of the open amount; rounded down to the rounding unit of the scheme."
    )
    share_type_id = fields.Many2one(
        "kmp.share.type",
        check_company=True,
        domain="[('company_id', '=', company_id)]",
    )
    consent_date = fields.Date(
        "Consent On", help="Where one document carries the consent of all who are chosen."
    )
    document = fields.Char()
    bank_format_id = fields.Many2one(
        "kmp.bank.file.format", domain="[('company_id', 'in', (company_id, False))]"
    )
    member_count = fields.Integer("Members", compute="_compute_totals")
    amount = fields.Monetary("To Pay", compute="_compute_totals")

    @api.depends("run_id", "method", "date", "selection", "class_ids", "share_ids", "numbers", "percent")
    def _compute_totals(self):
        for wizard in self:
            wizard.member_count, wizard.amount = 0, 0
            if wizard.run_id and wizard.percent:
                [[count, amount]] = self.env.execute_query(
                    SQL(
                        "SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM (%s) payable",
                        wizard._get_payable_query(wizard._find_numbers()[0]),
                    )
                )
                wizard.member_count, wizard.amount = count, amount

    def action_prepare(self):
        """Create the draft and open it.

        Raises UserError for a number that has no share, a part above 100 percent, or nothing to pay.
        """
        self.ensure_one()
        payouts = self.env["kmp.shu.payout"]
        payouts.check_access("create")
        payouts._check_may(ACCOUNTANT, self.env._("prepare"))
        self.run_id.check_access("read")
        self._check_choice()
        payout = payouts.create(self._prepare_payout_vals())
        payout._execute_on_lines(self._get_insert(payout))
        self._check_found(payout)
        payout._update_taxes()
        if payout.method == "bank":
            payout._propose_accounts()
        return {
            "type": "ir.actions.act_window",
            "res_model": "kmp.shu.payout",
            "res_id": payout.id,
            "view_mode": "form",
        }

    def _check_choice(self):
        if not 0 < self.percent <= 100:
            raise UserError(self.env._("Pay above zero and up to 100 percent of the open amounts."))
        _ids, unknown = self._find_numbers()
        if unknown:
            raise UserError(
                self.env._(
                    "No share of %(run)s belongs to: %(numbers)s. Correct the list.",
                    run=self.run_id.name,
                    numbers=", ".join(unknown[:NAMED_NUMBERS]),
                )
            )

    def _check_found(self, payout):
        if not payout.line_count:
            raise UserError(
                self.env._(
                    "Nobody of those chosen has anything open that is not in another payout of %(run)s already.",
                    run=self.run_id.name,
                )
            )

    def _prepare_payout_vals(self):
        return {
            "run_id": self.run_id.id,
            "method": self.method,
            "date": self.date,
            **({"share_type_id": self.share_type_id.id} if self.method == "share" else {}),
            **({"bank_format_id": self.bank_format_id.id} if self.method == "bank" else {}),
        }

    def _find_numbers(self):
        """([share ids], [numbers that have no share]) of the list of numbers."""
        wanted = {number.strip(): None for number in SEPARATORS.split(self.numbers or "") if number.strip()}
        if self.selection != "numbers" or not wanted:
            return [], []
        found = dict(
            self.env.execute_query(
                SQL(
                    "SELECT number, id FROM kmp_shu_share WHERE run_id = %s AND number = ANY(%s)",
                    self.run_id.id,
                    list(wanted),
                )
            )
        )
        return list(found.values()), [number for number in wanted if number not in found]

    def _get_scope(self, found_ids) -> SQL:
        scopes = {
            "all": SQL("TRUE"),
            "classes": SQL("share.class_id = ANY(%s)", self.class_ids.ids),
            "shares": SQL("share.id = ANY(%s)", self.share_ids.ids),
            "numbers": SQL("share.id = ANY(%s)", found_ids),
        }
        return scopes[self.selection]

    def _get_payable_query(self, found_ids) -> SQL:
        """(share_id, amount) of who is chosen and has an amount open that no other live payout has taken up."""
        self.env.flush_all()
        return SQL(
            """
            SELECT share_id, amount
              FROM (SELECT share.id AS share_id,
                           CASE WHEN %(percent)s = 100 THEN available
                                ELSE FLOOR(available * %(percent)s / 100 / %(unit)s) * %(unit)s END AS amount
                      FROM (SELECT share.*, LEAST(
                                       share.open_amount + COALESCE(back.amount, 0) - COALESCE(live.amount, 0),
                                       %(limit)s) AS available
                              FROM kmp_shu_share share
                         LEFT JOIN (SELECT line.share_id, SUM(line.amount) AS amount
                                      FROM kmp_shu_payout_line line
                                      JOIN kmp_shu_payout payout ON payout.id = line.payout_id
                                     WHERE payout.run_id = %(run)s AND line.state IN ('draft', 'confirmed')
                                     GROUP BY 1) live ON live.share_id = share.id
                         LEFT JOIN (%(taken_back)s) back ON back.share_id = share.id
                         LEFT JOIN (SELECT due.membership_id, SUM(due.amount_open) AS amount
                                      FROM (%(open_dues)s) due GROUP BY 1) dues
                                ON dues.membership_id = share.membership_id
                             WHERE share.run_id = %(run)s AND share.open_amount > 0 AND %(scope)s) share
                   ) payable
             WHERE amount > 0
            """,
            percent=SQL("%s::numeric", str(self.percent)),
            unit=SQL("%s::numeric", self.run_id.scheme_id.rounding_unit),
            run=self.run_id.id,
            taken_back=self.env["kmp.shu.share"]._get_taken_back_query(
                SQL("share.run_id = %s", self.run_id.id)
            ),
            limit=SQL("COALESCE(dues.amount, 0)" if self.method == "offset" else "share.open_amount"),
            open_dues=self.env["kmp.contribution.line"]._get_open_query(self.company_id.ids),
            scope=self._get_scope(found_ids),
        )

    def _get_insert(self, payout) -> SQL:
        """The lines. Of a member who has died, the heir that the register names is proposed."""
        has_consent = self.method == "share"
        return SQL(
            """
            INSERT INTO kmp_shu_payout_line (payout_id, company_id, share_id, membership_id, number, class_id, receiver_id,
                                             amount, tax_amount, consent_date, document, is_settled, state)
            SELECT %(payout)s, share.company_id, share.id, share.membership_id, share.number, share.class_id,
                   CASE WHEN membership.left_reason = 'deceased' AND %(paid_out)s THEN membership.heir_id END,
                   payable.amount, 0, %(consent_date)s, %(document)s, FALSE, 'draft'
              FROM (%(payable)s) payable
              JOIN kmp_shu_share share ON share.id = payable.share_id
              JOIN kmp_membership membership ON membership.id = share.membership_id
            """,
            payout=payout.id,
            paid_out=self.method in ("cash", "bank"),
            consent_date=SQL("%s::date", self.consent_date or None) if has_consent else SQL("NULL::date"),
            document=SQL("%s", self.document or None) if has_consent else SQL("NULL"),
            payable=self._get_payable_query(self._find_numbers()[0]),
        )
