from decimal import Decimal

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

    def _check_postable(self):
        self._check_accounts()
        if not self._read_entry_rows():
            raise UserError(
                self.env._(
                    "%(run)s gives nobody anything that was not given before: there is nothing to post.",
                    run=self.name,
                )
            )
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
        company._check_own_currency(company.shu_journal_id, self.name)
        company._check_own_currency(
            company.shu_undistributed_account_id | company.shu_payable_account_id | self.pool_ids.account_id,
            self.name,
        )

    def _prepare_move_vals(self):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id.shu_journal_id.id,
            "date": self.posting_date,
            "ref": f"{self.name} {self.resolution} {self.hash_short}",
            "line_ids": [
                fields.Command.create(self._prepare_line_vals(*row)) for row in self._read_entry_rows()
            ],
        }

    def _prepare_line_vals(self, name, account, partner, stakeholder_class, credit):
        """`credit` is an exact text; below zero it is a debit."""
        amount = Decimal(credit)
        return {
            "name": name,
            "account_id": account,
            "partner_id": partner,
            "kmp_class_id": stakeholder_class,
            "currency_id": self.currency_id.id,
            "analytic_distribution": {},
            # A float holds fifteen digits exactly, and Odoo rounds it to the currency.
            "debit": float(max(-amount, 0)),
            "credit": float(max(amount, 0)),
        }

    def _read_entry_rows(self):
        """The lines of the entry: name, account, partner, class and credit as exact text.

        A correction carries what differs from the run that it corrects; an original has nothing
        before it.
        """
        by_class = self.member_count > self.company_id.shu_member_line_limit
        return [
            *self._read_surplus_row(),
            *self._read_pool_rows(),
            *(self._read_class_rows() if by_class else self._read_member_rows()),
        ]

    def _read_surplus_row(self):
        return self.env.execute_query(
            SQL(
                """
                SELECT run.name, %s, NULL, NULL, (COALESCE(corrected.surplus, 0) - run.surplus)::text
                  FROM kmp_shu_run run LEFT JOIN kmp_shu_run corrected ON corrected.id = run.corrects_id
                 WHERE run.id = %s AND run.surplus IS DISTINCT FROM COALESCE(corrected.surplus, 0)
                """,
                self.company_id.shu_undistributed_account_id.id,
                self.id,
            )
        )

    def _read_pool_rows(self):
        """Reserves and funds; the first reserve takes the residual of the run."""
        pools = self.pool_ids.filtered(lambda pool: pool.kind in ("reserve", "fund"))
        first_reserve = pools.filtered(lambda pool: pool.kind == "reserve")[:1]
        return self.env.execute_query(
            SQL(
                """
                SELECT name, account_id, NULL, NULL, credit::text
                  FROM (SELECT pool.sequence, pool.code || ' ' || pool.name AS name, line.account_id,
                               pool.amount - COALESCE(pool.previous_amount, 0)
                               + CASE WHEN pool.id = %s
                                      THEN run.residual - COALESCE(corrected.residual, 0) ELSE 0 END AS credit
                          FROM kmp_shu_pool pool
                          JOIN kmp_shu_scheme_line line ON line.id = pool.scheme_line_id
                          JOIN kmp_shu_run run ON run.id = pool.run_id
                     LEFT JOIN kmp_shu_run corrected ON corrected.id = run.corrects_id
                         WHERE pool.id = ANY(%s)) part
                 WHERE credit != 0 ORDER BY sequence
                """,
                first_reserve.id or None,
                pools.ids,
            )
        )

    def _read_member_rows(self):
        return self.env.execute_query(
            SQL(
                """
                SELECT %s || ' ' || number, %s, partner_id, class_id, credit::text
                  FROM (%s) share WHERE credit != 0 ORDER BY number COLLATE "C"
                """,
                self.name,
                self.company_id.shu_payable_account_id.id,
                self._get_credit_query(),
            )
        )

    def _read_class_rows(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT class.id, COUNT(*), SUM(credit)::text
                  FROM (%s) share LEFT JOIN kmp_stakeholder_class class ON class.id = share.class_id
                 GROUP BY class.id HAVING SUM(credit) != 0 ORDER BY class.code COLLATE "C"
                """,
                self._get_credit_query(),
            )
        )
        classes = self.env["kmp.stakeholder.class"]
        for class_id, count, credit in rows:
            name = self.env._(
                "%(run)s %(class_name)s: %(count)s members",
                run=self.name,
                class_name=classes.browse(class_id).name or "",
                count=count,
            )
            yield name, self.company_id.shu_payable_account_id.id, None, class_id, credit

    def _get_credit_query(self) -> SQL:
        """What the entry credits each member: the share, in a correction less what was given before."""
        return SQL(
            """
            SELECT number, partner_id, class_id, amount - COALESCE(previous_amount, 0) AS credit
              FROM kmp_shu_share WHERE run_id = %s
            """,
            self.id,
        )

    def _check_entry(self):
        """Assert that the posted entry carries the surplus and the members' part to the rupiah, or in a
        correction what both differ by."""
        self.env.flush_all()
        [[exact]] = self.env.execute_query(
            SQL(
                """
                SELECT SUM(line.balance) FILTER (WHERE line.account_id = %(undistributed)s)
                       IS NOT DISTINCT FROM NULLIF(run.surplus - COALESCE(corrected.surplus, 0), 0)
                       AND COALESCE(-SUM(line.balance) FILTER (WHERE line.account_id = %(payable)s), 0)
                           = run.distributed - COALESCE(corrected.distributed, 0)
                  FROM account_move_line line
                  JOIN kmp_shu_run run ON run.id = %(run)s
             LEFT JOIN kmp_shu_run corrected ON corrected.id = run.corrects_id
                 WHERE line.move_id = %(move)s
                 GROUP BY run.id, corrected.id
                """,
                undistributed=self.company_id.shu_undistributed_account_id.id,
                payable=self.company_id.shu_payable_account_id.id,
                run=self.id,
                move=self.move_id.id,
            )
        )
        if not exact:
            raise AssertionError(f"{self.name}: the entry does not carry the distribution")
