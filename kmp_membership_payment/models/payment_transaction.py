from odoo import fields, models


class PaymentTransaction(models.Model):
    """A payment of dues: once the provider confirms it, it becomes a payment on the receivable for capital.

    The payment is matched with exactly the dues that the member chose, the oldest first, as far as they are still open; what is
    matched becomes share capital (``kmp.contribution.transfer``). What is above them, because something else paid them meanwhile,
    waits as a credit of the member. Money paid back stands on the same receivable: the officer who pays it back undoes the matching.
    """

    _inherit = "payment.transaction"

    kmp_dues_ids = fields.Many2many(
        "kmp.contribution.line",
        "kmp_dues_transaction_rel",
        "transaction_id",
        "line_id",
        string="Dues",
        readonly=True,
        copy=False,
    )

    def _get_paid_dues(self):
        """The dues that this transaction, or the one whose part it is, pays."""
        return (self | self.source_transaction_id).kmp_dues_ids

    def _create_payment(self, **extra_create_values):
        dues = self._get_paid_dues()
        if not dues:
            return super()._create_payment(**extra_create_values)
        account = dues.run_id.receivable_account_id.ensure_one()
        payment = super()._create_payment(
            **{
                "partner_id": dues.partner_id.ensure_one().id,
                "destination_account_id": account.id,
                **extra_create_values,
            }
        )
        if self.operation != "refund":
            self._match_dues(payment, dues, account)
        return payment

    def _match_dues(self, payment, dues, account):
        received = payment.move_id.line_ids.filtered(lambda item: item.account_id == account)
        received._reconcile_plan([item | received for item in dues._get_items_to_pay()])

    def _log_message_on_linked_documents(self, message):
        result = super()._log_message_on_linked_documents(message)
        for membership in self._get_paid_dues().membership_id:
            membership.message_post(body=message, author_id=self.partner_id.id)
        return result
