from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed


class KmpShuRun(models.Model):
    """How a run reaches the ledger: one entry by the ORM, reversed exactly and once."""

    _inherit = "kmp.shu.run"

    def _post_entry(self):
        self._check_postable()
        move = self.env["account.move"].create(self._prepare_move_vals())
        move._post(soft=False)
        unsealed(self).move_id = move
        self._check_entry()

    def _reverse_entry(self):
        date = fields.Date.context_today(self)
        self.company_id._check_not_locked(date, self.company_id.shu_journal_id, self.name)
        reversal = unsealed(self.move_id)._reverse_moves(
            [
                {
                    "date": date,
                    "ref": self.env._("Reversal of %(run)s", run=self.name),
                    "journal_id": self.move_id.journal_id.id,
                }
            ]
        )
        reversal._post(soft=False)
        unsealed(self).reversal_move_id = reversal

    def _check_postable(self):
        self._check_accounts()
        if not self.surplus:
            raise UserError(self.env._("%(run)s has no surplus: there is nothing to post.", run=self.name))
        if not self.posting_date:
            raise UserError(
                self.env._(
                    "%(run)s has no posting date. Enter the accounting date of the entry, usually "
                    "the day of the meeting.",
                    run=self.name,
                )
            )
        if self.posting_date <= self.date_to:
            raise UserError(
                self.env._(
                    "%(run)s cannot be posted on %(date)s: a surplus is distributed after the year "
                    "has ended. Enter a posting date after %(end)s.",
                    run=self.name,
                    date=self.posting_date,
                    end=self.date_to,
                )
            )
        self.company_id._check_not_locked(self.posting_date, self.company_id.shu_journal_id, self.name)

    def _check_accounts(self):
        company = self.company_id
        missing = [
            company._fields[name]._description_string(self.env)
            for name in ("shu_undistributed_account_id", "shu_payable_account_id", "shu_journal_id")
            if not company[name]
        ]
        missing += [
            pool.name for pool in self.pool_ids if pool.kind in ("reserve", "fund") and not pool.account_id
        ]
        if missing:
            raise UserError(
                self.env._(
                    "%(run)s cannot be posted: no account is set for %(missing)s. Set them in the "
                    "accounting settings of %(company)s or in the lines of the scheme.",
                    run=self.name,
                    missing=", ".join(missing),
                    company=company.name,
                )
            )

    def _prepare_move_vals(self):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id.shu_journal_id.id,
            "date": self.posting_date,
            "ref": f"{self.name} {self.resolution} {self.hash_short}",
            "line_ids": [
                fields.Command.create(
                    {**vals, "currency_id": self.currency_id.id, "analytic_distribution": {}}
                )
                for vals in (
                    self._prepare_surplus_line_vals(),
                    *self._prepare_pool_line_vals(),
                    *self._prepare_share_line_vals(),
                )
            ],
        }

    def _prepare_surplus_line_vals(self):
        return {
            "name": self.name,
            "account_id": self.company_id.shu_undistributed_account_id.id,
            "debit": self.surplus,
        }

    def _prepare_pool_line_vals(self):
        """Credits of reserves and funds; the first reserve takes the residual of the run."""
        pools = self.pool_ids.filtered(lambda pool: pool.kind in ("reserve", "fund"))
        first_reserve = pools.filtered(lambda pool: pool.kind == "reserve")[:1]
        for pool in pools:
            residual = self.residual if pool == first_reserve else 0
            if pool.amount + residual:
                yield {
                    "name": f"{pool.code} {pool.name}",
                    "account_id": pool.account_id.id,
                    "credit": pool.amount + residual,
                }

    def _prepare_share_line_vals(self):
        if self.member_count <= self.company_id.shu_member_line_limit:
            return self._prepare_member_line_vals()
        return self._prepare_class_line_vals()

    def _prepare_member_line_vals(self):
        for share in self.share_ids.filtered("amount"):
            yield {
                "name": f"{self.name} {share.number}",
                "account_id": self.company_id.shu_payable_account_id.id,
                "partner_id": share.partner_id.id,
                "credit": share.amount,
            }

    def _prepare_class_line_vals(self):
        groups = self.env["kmp.shu.share"]._read_group(
            [("run_id", "=", self.id)], ["class_id"], ["amount:sum", "__count"]
        )
        for stakeholder_class, amount, count in groups:
            if amount:
                yield {
                    "name": self.env._(
                        "%(run)s %(class_name)s: %(count)s members",
                        run=self.name,
                        class_name=stakeholder_class.name,
                        count=count,
                    ),
                    "account_id": self.company_id.shu_payable_account_id.id,
                    "credit": amount,
                }

    def _check_entry(self):
        """Assert that the posted entry carries the surplus and the members' part to the rupiah."""
        self.env.flush_all()
        [[exact]] = self.env.execute_query(
            SQL(
                """
                SELECT SUM(line.debit) = run.surplus
                       AND COALESCE(SUM(line.credit) FILTER (WHERE line.account_id = %(payable)s), 0)
                           = run.distributed
                  FROM account_move_line line JOIN kmp_shu_run run ON run.id = %(run)s
                 WHERE line.move_id = %(move)s
                 GROUP BY run.id
                """,
                payable=self.company_id.shu_payable_account_id.id,
                run=self.id,
                move=self.move_id.id,
            )
        )
        if not exact:
            raise AssertionError(f"{self.name}: the entry does not carry the distribution")
