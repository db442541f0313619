from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

DECISIVE_FIELDS = {"run_id", "method", "date", "journal_id", "share_type_id", "bank_format_id"}
SEQUENCE = "kmp.shu.payout"


class KmpShuPayout(models.Model):
    """Shares of one distribution, paid to chosen members in one way on one day.

    An accountant prepares it, an officer who did not prepare it confirms it, the money is handed over, and an accountant posts what was
    handed over. Confirming claims the amounts: a share is never promised twice. The steps stand in `shu_payout_step.py`, what must hold in `shu_payout_check.py`, the
    entry in `shu_payout_entry.py`, and each method in a file of its own.
    """

    _name = "kmp.shu.payout"
    _description = "SHU Payout"
    _inherit = ["mail.thread", "mail.activity.mixin", "kmp.shu.step"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _sealed_fields = frozenset(
        {
            "name",
            "state",
            "prepared_by_id",
            "confirmed_by_id",
            "confirmed_on",
            "posted_by_id",
            "move_id",
            "reversal_move_id",
            "reversed_on",
            "bank_file",
            "bank_file_name",
        }
    )

    name = fields.Char("Number", readonly=True, copy=False)
    run_id = fields.Many2one(
        "kmp.shu.run",
        "Distribution",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('state', '=', 'posted')]",
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, precompute=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    method = fields.Selection(
        [
            ("cash", "Cash list"),
            ("bank", "Bank transfer"),
            ("offset", "Offset against dues"),
            ("share", "Into shares"),
        ],
        required=True,
        default="cash",
        tracking=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today, copy=False, tracking=True)
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("confirmed", "Confirmed"), ("posted", "Posted"), ("reversed", "Reversed")],
        "Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    prepared_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    move_id = fields.Many2one(
        "account.move", "Entry", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    reversal_move_id = fields.Many2one(
        "account.move", "Reversal", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    reversed_on = fields.Date(readonly=True, copy=False, help="The date of the reversal in the ledger.")
    memo = fields.Char(help="Printed in the bank file.")
    line_ids = fields.One2many("kmp.shu.payout.line", "payout_id", "Members")
    line_count = fields.Integer("Lines", compute="_compute_totals")
    settled_count = fields.Integer("Handed Over", compute="_compute_totals")
    amount = fields.Monetary(
        compute="_compute_totals", help="What the members get. Once posted: what they got."
    )
    tax_amount = fields.Monetary("Tax Withheld", compute="_compute_totals")
    problem_count = fields.Integer(compute="_compute_problem_count")

    _unique_name = models.Constraint(
        "UNIQUE (company_id, name)", "Another payout of the company has this number."
    )
    _confirmed_by_another = models.Constraint(
        "CHECK (state = 'draft' OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> prepared_by_id))",
        "A payout is confirmed by somebody who did not prepare it.",
    )

    @api.depends("method", "company_id")
    def _compute_journal_id(self):
        for payout in self:
            if payout.journal_id not in payout._get_journals():
                payout.journal_id = payout._get_journals()[:1]

    def _compute_totals(self):
        """Query budget: one for all records of the page."""
        groups = self.env["kmp.shu.payout.line"]._read_group(
            [("payout_id", "in", self.ids)],
            ["payout_id", "state", "is_settled"],
            ["__count", "amount:sum", "tax_amount:sum"],
        )
        totals = {}
        for payout, state, is_settled, *values in groups:
            totals.setdefault(payout.id, []).append((state, is_settled, values))
        for payout in self:
            rows = totals.get(payout.id, [])
            counted = [values for state, _settled, values in rows if state != "not_paid"]
            payout.line_count = sum(values[0] for _state, _settled, values in rows)
            payout.settled_count = sum(values[0] for _state, is_settled, values in rows if is_settled)
            payout.amount = sum(values[1] for values in counted)
            payout.tax_amount = sum(values[2] for values in counted)

    def _compute_problem_count(self):
        """Query budget: one per payout in draft or confirmed."""
        lines = self.env["kmp.shu.payout.line"]
        for payout in self:
            is_open = payout.state in ("draft", "confirmed") and payout.line_count
            problems = lines._get_problems(SQL("line.payout_id = %s", payout.id)) if is_open else []
            payout.problem_count = len(problems)

    @api.depends("name", "run_id")
    def _compute_display_name(self):
        for payout in self:
            payout.display_name = payout.name or self.env._("New payout")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_sealed(vals)
        payouts = super().create(
            [
                {**vals, "prepared_by_id": self.env.uid, "name": self._next_name(vals["run_id"])}
                for vals in vals_list
            ]
        )
        payouts._check_run()
        return payouts

    def write(self, vals):
        if is_unsealed(self.env):
            return super().write(vals)
        self._check_sealed(vals)
        if DECISIVE_FIELDS & vals.keys():
            self._check_state("draft")
            self._note_preparer()
        result = super().write(vals)
        if "run_id" in vals:
            self._check_run()
            self.line_ids._check_share()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_state("draft")

    def _next_name(self, run_id):
        # sudo: an accountant need not be allowed to configure sequences
        sequences = self.env["ir.sequence"].sudo()
        company = self.env["kmp.shu.run"].browse(run_id).company_id
        sequence = sequences.search([("code", "=", SEQUENCE), ("company_id", "=", company.id)], limit=1)
        sequence = sequence or sequences.create(
            {
                "name": self.env._("SHU payouts of %s", company.name),
                "code": SEQUENCE,
                "company_id": company.id,
                "prefix": "SHU/BYR/",
                "padding": 4,
            }
        )
        return sequence.next_by_id()

    def _note_preparer(self):
        """Who changes a draft has prepared it, and does not confirm it."""
        unsealed(self).write({"prepared_by_id": self.env.uid})

    def _get_journals(self):
        """The journals that a payout of this method may use, the proposed one first."""
        if self.method in ("cash", "bank"):
            return self.env["account.journal"].search(
                [
                    ("type", "=", self.method),
                    ("company_id", "=", self.company_id.id),
                    ("currency_id", "in", (False, self.currency_id.id)),
                ]
            )
        return self.company_id.shu_journal_id

    # Actions

    def action_open_lines(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_payout_line_action")
        return {
            **action,
            "name": self.display_name,
            "domain": [("payout_id", "=", self.id)],
            "context": {
                "default_payout_id": self.id,
                "create": self.state == "draft",
                "delete": self.state == "draft",
                "hide_bank": self.method != "bank",
                "show_consent": self.method == "share",
            },
        }

    def action_open_problems(self):
        self.check_access("read")
        action = self.action_open_lines()
        return {**action, "context": {**action["context"], "search_default_problems": True}}

    def action_open_entries(self):
        self.ensure_one()
        self.check_access("read")
        moves = self.move_id | self.reversal_move_id | self._get_operation_moves()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }
