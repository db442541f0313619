from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..periods import FOREVER


class ContributionTransfer(models.Model):
    """Dues that were paid: the amount that one matching of a payment moved from capital called to the share account.

    When a payment (of whatever kind) is matched with the receivable of a member, exactly the matched amount becomes share capital of
    that member. The day is that of the payment; where a credit was waiting when the dues were billed, the day of the billing. One
    entry is posted for all that is matched at once (one per day, where payments of several days are). When the matching is undone,
    or the payment is set back to draft, the amount goes back, once. Odoo decides which dues a payment meets: the oldest due date
    first, on the same due date the smaller amount first; payments taken on the member's page go by due date, then by share type.
    """

    _name = "kmp.contribution.transfer"
    _description = "Dues Paid In"
    _order = "date desc, id desc"
    _log_access = False

    line_id = fields.Many2one(
        "kmp.contribution.line", "Dues", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partial_id = fields.Many2one("account.partial.reconcile", "Matching", readonly=True, ondelete="set null")
    date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    move_id = fields.Many2one(
        "account.move", "Journal Entry", required=True, readonly=True, ondelete="restrict", index=True
    )
    reversal_move_id = fields.Many2one(
        "account.move", "Undone by", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")

    _moved_once = models.UniqueIndex(
        "(partial_id) WHERE partial_id IS NOT NULL AND reversal_move_id IS NULL",
        "This payment has already become share capital.",
    )
    _positive_amount = models.Constraint(
        "CHECK (amount > 0)", "Nothing or less than nothing cannot be paid in."
    )

    @api.model
    def _sync(self, partials=None, moves=None, removed=False):
        """Make share capital follow what is matched: move what is matched and posted, take back what is not any more.

        Can be called any number of times.

        :param partials: matchings that were created or are about to be removed
        :param moves: or entries whose status changed
        :param removed: whether the matchings are about to go
        Query budget: one where no dues are concerned.
        """
        if moves is None:
            scope = SQL("p.id = ANY(%s)", partials.ids)
        else:
            scope = SQL("(d.move_id = ANY(%(ids)s) OR c.move_id = ANY(%(ids)s))", ids=moves.ids)
        self.env["account.partial.reconcile"].flush_model(["amount", "debit_move_id", "credit_move_id"])
        self.env["account.move.line"].flush_model(["date", "move_id", "parent_state"])
        self.env["account.move"].flush_model(["kmp_dues_kind", "state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id, l.id, GREATEST(d.date, c.date), t.id,
                       cm.state = 'posted' AND dm.state = 'posted' AND NOT %(removed)s,
                       t.date = GREATEST(d.date, c.date)
                  FROM account_partial_reconcile p
                  JOIN account_move_line d ON d.id = p.debit_move_id
                  JOIN account_move_line c ON c.id = p.credit_move_id
                  JOIN account_move dm ON dm.id = d.move_id
                  JOIN account_move cm ON cm.id = c.move_id
                  JOIN kmp_contribution_line l ON l.move_line_id = d.id
             LEFT JOIN kmp_contribution_transfer t ON t.partial_id = p.id AND t.reversal_move_id IS NULL
                 WHERE %(scope)s AND cm.kmp_dues_kind IS DISTINCT FROM 'cancel'
                 ORDER BY p.id
                """,
                scope=scope,
                removed=removed,
            )
        )
        stale, paid = [], []
        for partial_id, line_id, day, transfer_id, is_paid, is_of_that_day in rows:
            if transfer_id and not (is_paid and is_of_that_day):
                stale.append(transfer_id)
            if is_paid and not (transfer_id and is_of_that_day):
                paid.append((partial_id, line_id, day))
        # sudo: who matches a payment needs no right on the dues of the co-operative
        transfers = self.sudo()
        undone = transfers.browse(stale)
        undone._undo()
        transfers._move_in(paid)
        undone._check_holdings_not_negative()
        if rows:
            self.env["kmp.contribution.run"]._invalidate_totals()

    @api.model
    def _move_in(self, rows):
        """Post the share capital of these matchings.

        :param rows: list of (partial id, line id, day)
        """
        batches = defaultdict(list)
        lines = self.env["kmp.contribution.line"].browse([row[1] for row in rows])
        partials = self.env["account.partial.reconcile"].sudo().browse([row[0] for row in rows])
        for line, partial, (_partial_id, _line_id, day) in zip(lines, partials, rows, strict=True):
            batches[line.company_id, line.run_id.journal_id, day].append((line, partial, partial.amount))
        vals_list = []
        for (_company, _journal, day), paid in batches.items():
            move = self._post_entry(
                day, [(line, amount) for line, _partial, amount in paid], self.env._("Dues paid")
            )
            vals_list += [
                {
                    "line_id": line.id,
                    "company_id": line.company_id.id,
                    "partial_id": partial.id,
                    "date": day,
                    "amount": amount,
                    "move_id": move.id,
                }
                for line, partial, amount in paid
            ]
        self.create(vals_list)

    def _undo(self):
        """Take these amounts back out of share capital, on the day on which they came in.

        :raise UserError: that day is locked
        """
        self.lock_for_update()
        self.invalidate_recordset(["reversal_move_id"])
        batches = self.filtered(lambda transfer: not transfer.reversal_move_id).grouped(
            lambda transfer: (transfer.company_id, transfer.line_id.run_id.journal_id, transfer.date)
        )
        for (_company, _journal, day), transfers in batches.items():
            move = self._post_entry(
                day,
                [(transfer.line_id, -transfer.amount) for transfer in transfers],
                self.env._("Payment of dues undone"),
            )
            transfers.write({"reversal_move_id": move.id})

    def _post_entry(self, day, amounts, reason):
        """Post one entry: capital called in debit, the share account of each member in credit.

        :param amounts: list of (line, amount), below zero to take back
        """
        called = defaultdict(float)
        for line, amount in amounts:
            called[line.run_id.called_account_id.id, line.share_type_id.name] += amount
        items = [(account_id, False, amount, name, False) for (account_id, name), amount in called.items()]
        items += [
            (
                line.share_type_id.account_id.id,
                line.partner_id.id,
                -amount,
                line._describe(line.share_type_id.name),
                False,
            )
            for line, amount in amounts
        ]
        return amounts[0][0].run_id._post_dues_entry("transfer", day, items, reason)

    def _check_holdings_not_negative(self):
        """:raise UserError: a member would hold less than nothing, because what came in has been paid out since"""
        for _company, transfers in self.grouped("company_id").items():
            lines = transfers.line_id
            holdings = lines.share_type_id._get_holdings(FOREVER, lines.partner_id)
            for line in lines:
                held = holdings.get((line.partner_id.id, line.share_type_id.id), 0)
                if held < 0:
                    raise UserError(
                        self.env._(
                            "The payment of %(line)s cannot be undone: %(member)s would hold %(held)s. What was paid in has been "
                            "paid out since; reverse that first.",
                            line=line.display_name,
                            member=line.membership_id.display_name,
                            held=line.share_type_id._format(held),
                        )
                    )
