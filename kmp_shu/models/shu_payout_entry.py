from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed


class KmpShuPayout(models.Model):
    """The entry of a payout: it debits what members are owed and is matched with the entry of the distribution.

    Where that entry has a line per member, so has this one. Above the company's limit it has one line per class, and so has this one;
    which member got what is then known by the lines of the payout (architecture, decision 10). Tax is credited to the company's account
    for tax withheld.

    Query budget: fixed, besides what Odoo needs to create, post and match the items.
    """

    _inherit = "kmp.shu.payout"

    def _post_entry(self):
        """Post the entry and match it with what the distribution owes."""
        vals_list = [
            *self._prepare_payable_items(),
            *self._prepare_tax_items(),
            *self._prepare_method_items(),
        ]
        plan = []
        if vals_list:
            moves = self.env["account.move"]
            move = moves.browse(unsealed(moves).create(self._prepare_move_vals(vals_list)).id)
            move._post(soft=False)
            unsealed(self).move_id = move
            plan = self._get_payable_plan(move.line_ids) + self._get_method_plan(move.line_ids)
        self.env["account.move.line"]._reconcile_plan(plan + self._post_operations())

    def _prepare_move_vals(self, vals_list):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": f"{self.name} {self.run_id.name}",
            "line_ids": [Command.create(self._prepare_item(**vals)) for vals in vals_list],
        }

    def _prepare_item(self, name, account_id, balance, partner_id=None, kmp_class_id=None):
        """All about these items is known beforehand: see `known_items.py` of kmp_membership."""
        items = self.env["account.move.line"].with_company(self.company_id)
        return {
            **items._prepare_known_item(account_id, partner_id or False, balance, name),
            "kmp_class_id": kmp_class_id,
        }

    def _prepare_payable_items(self):
        """Debits of what members are owed; the method says which part of the lines the entry itself pays."""
        account = self.run_id.payable_account_id
        has_member_items = self.run_id._has_member_items()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT %(partner)s, line.class_id, %(label)s, SUM(%(amount)s)::text
                  FROM kmp_shu_payout_line line
                  JOIN kmp_shu_share share ON share.id = line.share_id
             LEFT JOIN kmp_stakeholder_class class ON class.id = line.class_id
                 WHERE line.payout_id = %(payout)s AND line.state = 'paid' AND %(amount)s > 0
                 GROUP BY 1, 2, 3 ORDER BY %(label)s COLLATE "C"
                """,
                partner=SQL("share.partner_id") if has_member_items else SQL("NULL::int"),
                label=SQL("line.number") if has_member_items else SQL("class.code"),
                amount=self._get_entry_amount(),
                payout=self.id,
            )
        )
        for partner_id, class_id, label, amount in rows:
            yield {
                "name": f"{self.name} {label or ''}".strip(),
                "account_id": account.id,
                "partner_id": partner_id,
                "kmp_class_id": class_id,
                "balance": float(amount),
            }

    def _get_entry_amount(self) -> SQL:
        """What of a line the payout's own entry debits. Into shares, the operation of the member debits the rest."""
        return SQL("line.tax_amount" if self.method == "share" else "(line.amount + line.tax_amount)")

    def _prepare_tax_items(self):
        if self.tax_amount:
            yield {
                "name": self.env._("%s tax withheld", self.name),
                "account_id": self.company_id.shu_tax_account_id.id,
                "balance": -self.tax_amount,
            }

    def _prepare_method_items(self):
        """Credits of what pays: money, or dues."""
        return getattr(self, f"_prepare_{self.method}_items")()

    def _prepare_money_items(self):
        return [
            {
                "name": f"{self.name} {self.run_id.name}",
                "account_id": self._get_liquidity_account().id,
                "balance": -self.amount,
            }
        ]

    def _get_liquidity_account(self):
        """Where the journal keeps what is paid and not yet on a statement, else its own account."""
        journal = self.journal_id.sudo()  # sudo: as in _check_accounts
        return journal.outbound_payment_method_line_ids.payment_account_id[:1] or journal.default_account_id

    def _check_liquidity_account(self):
        if not self._get_liquidity_account():
            raise UserError(
                self.env._(
                    "The journal %(journal)s has no default account. Set one, or choose another journal.",
                    journal=self.journal_id.name,
                )
            )

    # Matching

    def _get_payable_plan(self, items):
        """What the distribution owes beside what this payout debits, member by member or class by class."""
        owed = self.run_id._get_payable_items_of_year()
        payable = items.filtered(lambda item: item.account_id == self.run_id.payable_account_id)
        if self.run_id._has_member_items():
            owed_to = owed.grouped("partner_id")
            return [owed_to[partner] | paid for partner, paid in payable.grouped("partner_id").items()]
        owed_to = owed.grouped("kmp_class_id")
        class_of = {line.partner_id: line.class_id for line in self.line_ids} if payable.partner_id else {}
        paid_to = payable.grouped(
            lambda item: item.kmp_class_id or class_of.get(item.partner_id, item.kmp_class_id)
        )
        return [owed_to[stakeholder_class] | paid for stakeholder_class, paid in paid_to.items()]

    def _get_method_plan(self, items):
        """Hook: further items to match, such as dues."""
        return []

    def _post_operations(self):
        """Hook: what a method posts besides the entry, as items to match."""
        return []

    def _get_operation_moves(self):
        """Hook: the entries besides the payout's own."""
        return self.env["account.move"]

    # Reversal

    def _reverse_entry(self, day=None):
        """Into shares without tax there is no entry, only the operations."""
        self._reverse_operations(day)
        return super()._reverse_entry(day) if self.move_id else None

    def _reverse_operations(self, day):
        """Hook: undo what `_post_operations` did."""

    # What was paid

    def _update_paid(self):
        """Write what is paid on the shares of this payout, from the posted lines. Exact, set-based; query budget: one."""
        self._execute_on_lines(
            SQL(
                """
                UPDATE kmp_shu_share share
                   SET paid_amount = paid.amount, withheld_amount = paid.tax_amount
                  FROM (SELECT share_id, COALESCE(SUM(amount) FILTER (WHERE state = 'paid'), 0) AS amount,
                               COALESCE(SUM(tax_amount) FILTER (WHERE state = 'paid'), 0) AS tax_amount
                          FROM kmp_shu_payout_line
                         WHERE share_id IN (SELECT share_id FROM kmp_shu_payout_line WHERE payout_id = %s)
                         GROUP BY share_id) paid
                 WHERE share.id = paid.share_id
                """,
                self.id,
            )
        )
        self.env["kmp.shu.share"].invalidate_model(["paid_amount", "withheld_amount", "open_amount"])

    def _update_taxes(self, shares=None):
        """The tax of each line: in proportion to what is paid of the share, rounded down to the smallest unit of the currency; the
        last payment carries the rest, so that the parts sum to the tax of the share. Query budget: one."""
        for payout in self:
            payout._execute_on_lines(payout._get_tax_statement(shares))

    def _get_tax_statement(self, shares):
        net, tax = self.env["kmp.shu.share"]._get_payable("share")
        return SQL(
            """
            UPDATE kmp_shu_payout_line line SET tax_amount = due.reached - due.before
              FROM (SELECT id, reached, LAG(reached, 1, withheld) OVER (PARTITION BY share_id ORDER BY id) AS before
                      FROM (SELECT running.id, running.share_id, running.withheld,
                                   GREATEST(running.withheld, CASE
                                       WHEN running.paid >= running.net THEN running.tax
                                       ELSE FLOOR(running.tax * running.paid / running.net / %(unit)s) * %(unit)s END) AS reached
                              FROM (SELECT planned.id, planned.share_id, COALESCE(share.withheld_amount, 0) AS withheld,
                                           %(net)s AS net, %(tax)s AS tax,
                                           COALESCE(share.paid_amount, 0)
                                           + SUM(planned.amount) OVER (PARTITION BY share.id ORDER BY planned.id) AS paid
                                      FROM kmp_shu_payout_line planned
                                      JOIN kmp_shu_share share ON share.id = planned.share_id
                                     WHERE planned.payout_id = %(payout)s AND planned.state <> 'not_paid' AND %(scope)s
                                   ) running) stepped) due
             WHERE line.id = due.id AND COALESCE(line.tax_amount, -1) <> due.reached - due.before
            """,
            unit=SQL("%s::numeric", self._get_currency_unit()),
            net=net,
            tax=tax,
            payout=self.id,
            scope=SQL("share.id = ANY(%s)", shares.ids) if shares is not None else SQL("TRUE"),
        )

    def _get_currency_unit(self):
        """The smallest unit as text: `0.01`, `1`."""
        places = self.currency_id.decimal_places
        return "1" if not places else f"0.{'1'.zfill(places)}"

    def _check_entry(self):
        """Assert that what was posted on the payable account is what the lines say, to the rupiah."""
        moves = self.move_id | self._get_operation_moves()
        self.env.flush_all()
        [[exact]] = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT COALESCE(SUM(balance), 0) FROM account_move_line
                         WHERE move_id = ANY(%(moves)s) AND account_id = %(account)s AND parent_state = 'posted')
                     = (SELECT COALESCE(SUM(amount + tax_amount), 0) FROM kmp_shu_payout_line
                         WHERE payout_id = %(payout)s AND state = 'paid')
                """,
                moves=moves.ids,
                account=self.run_id.payable_account_id.id,
                payout=self.id,
            )
        )
        if not exact:
            raise AssertionError(f"{self.name}: the entry does not carry what was paid")
