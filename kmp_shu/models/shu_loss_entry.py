from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed


class KmpShuLoss(models.Model):
    """How the cover of a loss reaches the ledger: reserves and the account of losses carried forward
    are debited, the undistributed surplus, where the loss stands, is credited."""

    _inherit = "kmp.shu.loss"

    def _post_entry(self):
        self._check_postable()
        move = self.env["account.move"].create(self._prepare_move_vals())
        move._post(soft=False)
        unsealed(self).move_id = move

    def _check_postable(self):
        self._check_accounts()
        if not self.posting_date or self.posting_date <= self.date_to:
            raise UserError(
                self.env._(
                    "%(loss)s: enter a posting date after %(end)s, usually the day of the meeting.",
                    loss=self.name,
                    end=fields.Date.to_string(self.date_to),
                )
            )
        self.company_id._check_not_locked(self.posting_date, self.company_id.shu_journal_id, self.name)
        self._check_reserves_suffice()

    def _check_accounts(self):
        company = self.company_id
        for name in ("shu_undistributed_account_id", "shu_journal_id"):
            if not company[name]:
                raise UserError(
                    self.env._(
                        "%(loss)s cannot be posted: no account is set for %(missing)s. Set it in the accounting "
                        "settings of %(company)s.",
                        loss=self.name,
                        missing=company._fields[name]._description_string(self.env),
                        company=company.name,
                    )
                )
        company._check_own_currency(company.shu_journal_id, self.name)
        company._check_own_currency(
            company.shu_undistributed_account_id | self.line_ids.account_id, self.name
        )

    def _check_reserves_suffice(self):
        """A reserve bears no more than it holds on the posting date."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT part.account_id, COALESCE(-SUM(item.balance), 0)::text, part.amount::text
                  FROM (SELECT account_id, SUM(amount) AS amount FROM kmp_shu_loss_line
                         WHERE loss_id = %(loss)s AND kind = 'reserve' GROUP BY account_id) part
             LEFT JOIN account_move_line item
                    ON item.account_id = part.account_id AND item.company_id = %(company)s
                   AND item.parent_state = 'posted' AND item.date <= %(date)s
                 GROUP BY part.account_id, part.amount
                HAVING part.amount > COALESCE(-SUM(item.balance), 0)
                 ORDER BY part.account_id LIMIT 1
                """,
                loss=self.id,
                company=self.company_id.id,
                date=self.posting_date,
            )
        )
        for account, balance, amount in rows:
            raise UserError(
                self.env._(
                    "%(loss)s charges %(amount)s to %(account)s, which holds only %(balance)s on "
                    "%(date)s. Charge less to it, or carry the rest forward.",
                    loss=self.name,
                    amount=self.currency_id.format(float(amount)),
                    account=self.env["account.account"].browse(account).display_name,
                    balance=self.currency_id.format(float(balance)),
                    date=fields.Date.to_string(self.posting_date),
                )
            )

    def _prepare_move_vals(self):
        company = self.company_id
        lines = [self._prepare_part_vals(line) for line in self.line_ids if line.amount]
        lines.append(
            {
                "name": self.name,
                "account_id": company.shu_undistributed_account_id.id,
                "credit": float(self.line_ids._read_sum()),
            }
        )
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company.shu_journal_id.id,
            "date": self.posting_date,
            "ref": f"{self.name} {self.resolution}",
            "line_ids": [
                fields.Command.create({**vals, "currency_id": self.currency_id.id}) for vals in lines
            ],
        }

    def _prepare_part_vals(self, line):
        kind = dict(line._fields["kind"]._description_selection(self.env))[line.kind]
        return {
            "name": " ".join(filter(None, (self.name, kind, line.class_id.name))),
            "account_id": line.account_id.id,
            "kmp_class_id": line.class_id.id,
            "debit": line.amount,
        }
