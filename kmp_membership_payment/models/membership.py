from odoo import models


class Membership(models.Model):
    _inherit = "kmp.membership"

    def _get_dues_to_pay_online(self):
        """The dues that one payment can settle: those that stand on the account of the oldest.

        A company that changed its receivable for capital has dues on two accounts, and a payment has one: the rest follows once these
        are paid.

        :return: kmp.contribution.line as superuser, the oldest first
        Query budget: three.
        """
        self.ensure_one()
        items = self._get_open_dues_items()[self]
        items = items.filtered(lambda item: item.account_id == items[0].account_id)
        lines = self.env["kmp.contribution.line"].sudo().search([("move_line_id", "in", items.ids)])
        by_item = {line.move_line_id: line for line in lines}
        return lines.browse([by_item[item].id for item in items])

    def _prepare_portal_pending_payments(self):
        """Payments of dues that are under way: [{reference, amount, date}]. Query budget: two."""
        self.ensure_one()
        # sudo: as in _get_own
        pending = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [("kmp_dues_ids.membership_id", "=", self.id), ("state", "in", ("pending", "authorized"))]
            )
        )
        return [
            {
                "reference": transaction.reference,
                "amount": self._format_amount(transaction.amount),
                "date": transaction.create_date,
            }
            for transaction in pending
        ]
