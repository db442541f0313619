from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.kmp_membership.report import indonesian
from odoo.addons.kmp_membership.report.pages import paginate, row_height

PRINTED_LINES_LIMIT = 5_000
WIDTHS = {"place": 5, "number": 12, "name": 28, "receiver": 20, "amount": 15, "signature": 20}
# Room to sign in: pixels, as in report/pages.py of kmp_membership.
SIGNATURE_HEIGHT = 34


class CashListRow(NamedTuple):
    class_id: int
    place: int
    number: str
    name: str
    receiver: str
    amount: Decimal
    is_settled: bool


class CashList(models.AbstractModel):
    """Daftar Pembayaran SHU: who gets how much in cash, with room to sign, one part per class.

    Indonesian, as the other documents of the co-operative. Query budget: two per payout.
    """

    _name = "report.kmp_shu.cash_list"
    _description = "Daftar Pembayaran SHU"

    def _get_report_values(self, docids, data=None):
        # A report may be reached with sudo: the rights that count are those of the user.
        payouts = self.env["kmp.shu.payout"].sudo(flag=False).browse(docids or []).exists()
        payouts.check_access("read")
        payouts._check_state("confirmed", "posted", "reversed")
        self.env.flush_all()
        return {
            "doc_ids": payouts.ids,
            "doc_model": payouts._name,
            "docs": payouts,
            "documents": [self._prepare_printed(payout) for payout in payouts],
            "text": indonesian.TEXT,
        }

    def _prepare_printed(self, payout):
        if payout.line_count > PRINTED_LINES_LIMIT:
            raise UserError(
                self.env._(
                    "Payout %(payout)s has %(count)s members, and a print up to %(limit)s. Prepare a payout per class.",
                    payout=payout.name,
                    count=payout.line_count,
                    limit=PRINTED_LINES_LIMIT,
                )
            )
        rows = self._read_rows(payout)
        # sudo: a clerk prints the list and sees no more of the distribution than its name
        run = payout.sudo().run_id
        return {
            "payout": payout,
            "request": payout,
            "run": run,
            "company": payout.company_id,
            "address": ", ".join(filter(None, (payout.company_id.street, payout.company_id.city))),
            "subtitle": f"{run.name} · {payout.name} · {indonesian.date(payout.date)}",
            "currency": payout.currency_id,
            "widths": WIDTHS,
            "classes": self._group(payout, rows),
            "total": sum((row.amount for row in rows), Decimal()),
            "count": len(rows),
            "signers": [
                ("Kasir", ""),
                *self.env["kmp.document"]._get_signers(payout.company_id, ("treasurer", "chair")),
            ],
        }

    def _group(self, payout, rows):
        """One part per class, in the order of the classes: its pages and its sum."""
        classes = self.env["kmp.stakeholder.class"].browse({row.class_id for row in rows if row.class_id})
        parts = []
        for stakeholder_class in [*classes.sorted(), classes.browse()]:
            own = [row for row in rows if row.class_id == (stakeholder_class.id or None)]
            if own:
                parts.append(
                    {
                        "name": stakeholder_class._get_indonesian_name() if stakeholder_class else "",
                        "pages": paginate(own, self._get_row_height),
                        "total": sum((row.amount for row in own), Decimal()),
                        "count": len(own),
                    }
                )
        return parts

    def _get_row_height(self, row):
        texts = [
            (row.name, WIDTHS["name"]),
            (row.receiver, WIDTHS["receiver"]),
            (row.number, WIDTHS["number"]),
        ]
        return max(SIGNATURE_HEIGHT, row_height(texts))

    def _read_rows(self, payout):
        """Once posted, only who has the money is on the list."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.class_id, ROW_NUMBER() OVER (PARTITION BY line.class_id ORDER BY line.number COLLATE "C", line.id),
                       line.number, member.name, receiver.name, line.amount::text, line.is_settled
                  FROM kmp_shu_payout_line line
                  JOIN kmp_shu_share share ON share.id = line.share_id
                  JOIN res_partner member ON member.id = share.partner_id
             LEFT JOIN res_partner receiver ON receiver.id = line.receiver_id
                 WHERE line.payout_id = %s AND line.state <> 'not_paid'
                 ORDER BY 1, 2
                """,
                payout.id,
            )
        )
        return [CashListRow(*row[:5], Decimal(row[5]), row[6]) for row in rows]
