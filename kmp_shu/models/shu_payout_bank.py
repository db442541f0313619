import base64
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.tools import unsealed

from .shu_step import ACCOUNTANT, OFFICER


class KmpShuPayout(models.Model):
    """Bank transfer: a file in the bank's form, from the accounts as they were when the payout was confirmed."""

    _inherit = "kmp.shu.payout"

    bank_format_id = fields.Many2one(
        "kmp.bank.file.format",
        ondelete="restrict",
        domain="[('company_id', 'in', (company_id, False))]",
        check_company=True,
    )
    bank_file = fields.Binary(attachment=True, readonly=True, copy=False)
    bank_file_name = fields.Char(readonly=True, copy=False)

    def _check_bank(self):
        self._check_liquidity_account()
        if not self.bank_format_id:
            raise UserError(
                self.env._("Payout %(payout)s: choose the format of the bank.", payout=self.display_name)
            )

    def _prepare_bank_items(self):
        return self._prepare_money_items()

    def action_propose_accounts(self):
        """Fill in the bank account of who has none on the line yet: the first of the receiver."""
        self._begin(ACCOUNTANT, self.env._("prepare"), "draft")
        self._propose_accounts()
        self._note_preparer()

    def _propose_accounts(self):
        self._execute_on_lines(
            SQL(
                """
                UPDATE kmp_shu_payout_line line
                   SET partner_bank_id = (
                       SELECT account.id FROM res_partner_bank account
                        WHERE account.partner_id = COALESCE(line.receiver_id, share.partner_id) AND account.active
                          AND COALESCE(account.company_id, line.company_id) = line.company_id
                        ORDER BY account.sequence, account.id LIMIT 1)
                  FROM kmp_shu_share share
                 WHERE share.id = line.share_id AND line.payout_id = %s AND line.partner_bank_id IS NULL
                """,
                self.id,
            )
        )

    def action_export_bank_file(self):
        """Make the file of a confirmed payout and download it. The same payout gives the same bytes."""
        self.ensure_one()
        if not (self.env.user.has_group(ACCOUNTANT) or self.env.user.has_group(OFFICER)):
            raise AccessError(
                self.env._("Only an accountant or an officer may download the file for the bank.")
            )
        self.check_access("write")
        self._check_state("confirmed", "posted")
        self._check_ready_for_export()
        content = self.bank_format_id._render(self._get_transfers())
        name = f"{self.name.replace('/', '-')}.{self.bank_format_id.extension}"
        unsealed(self).write({"bank_file": base64.b64encode(content), "bank_file_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/bank_file/{name}?download=1",
            "target": "download",
        }

    def _check_ready_for_export(self):
        if self.method != "bank":
            raise UserError(self.env._("Payout %(payout)s is not paid by bank.", payout=self.display_name))
        if self.state == "confirmed":
            self._check_lines()

    def _get_transfers(self):
        """One dict per transfer that is executed, in the order of the list; query budget: one."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.account_number, COALESCE(NULLIF(account.acc_holder_name, ''), receiver.name), line.amount::text,
                       line.number, bank.name, bank.bic, receiver.email
                  FROM kmp_shu_payout_line line
                  JOIN kmp_shu_share share ON share.id = line.share_id
                  JOIN res_partner receiver ON receiver.id = COALESCE(line.receiver_id, share.partner_id)
             LEFT JOIN res_partner_bank account ON account.id = line.partner_bank_id
             LEFT JOIN res_bank bank ON bank.id = account.bank_id
                 WHERE line.payout_id = %s AND line.is_settled
                 ORDER BY line.number COLLATE "C", line.id
                """,
                self.id,
            )
        )
        common = {
            "currency": self.currency_id.name,
            "date": self.date,
            "description": self.memo or self.run_id.name,
            "payout": self.name,
        }
        return [
            {
                **common,
                "sequence": index,
                "account_number": account,
                "receiver": name or number,
                "amount": Decimal(amount),
                "member_number": number,
                "bank_name": bank or "",
                "bank_code": bic or "",
                "email": email or "",
            }
            for index, (account, name, amount, number, bank, bic, email) in enumerate(rows, start=1)
        ]
