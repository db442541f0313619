from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang
from odoo.tools.misc import get_lang

from .membership import MEMBER_STATES

STATEMENT_STEP = 50
DUES_STEP = 24


class Membership(models.Model):
    """What members see of themselves in the portal: dicts of named values, never a record.

    Portal users have no right on any model of the co-operative. ``_get_own`` is the only door: it gives the user's own memberships as
    superuser, and everything else starts from there. A page asks for an id, and one that is not the user's own is not found, whether
    or not it exists. Query budget of each ``_prepare_portal_`` method: a fixed number, whatever the size of the register.
    """

    _inherit = "kmp.membership"

    @api.model
    def _get_own(self, membership_id=None):
        """The memberships of the user in all companies: of the user's own contact, or of a legal entity whom the user represents.

        :param membership_id: only this one
        :return: as superuser, for named values only; empty for a stranger and for anybody who is not signed in
        Query budget: one.
        """
        user = self.env.user
        if user._is_public() or not user.partner_id:
            return self.sudo().browse()
        domain = Domain("partner_id", "=", user.partner_id.id) | Domain(
            "representative_id", "=", user.partner_id.id
        )
        if membership_id is not None:
            domain &= Domain("id", "=", membership_id)
        # sudo: members have no right on the register
        return self.sudo().search(domain, order="company_id, id")

    def _prepare_portal_values(self):
        """Who, in which class, in which state; see ``views/portal_templates.xml``."""
        self.ensure_one()
        is_member = self.state in MEMBER_STATES
        return {
            "id": self.id,
            "url": f"/my/membership/{self.id}",
            "name": self.partner_id.name or "",
            "number": self.number or "",
            "company": self.company_id.name,
            "company_id": self.company_id.id,
            "state": self.state,
            "state_label": self._label("left_reason" if self.left_reason else "state"),
            "class_name": (self.class_id or self.applied_class_id).name or "",
            "is_associate": self.is_associate,
            "is_member": is_member,
            "has_number": bool(self.number),
            "date_application": self.date_application,
            "date_start": self.date_start,
            "date_end": self.date_end,
            "represented_by": self.representative_id.name or "",
            "qr": self.env["kmp.document"]._get_qr_code(self.number) if is_member else "",
        }

    def _prepare_portal_history(self):
        """The steps of the membership, and its classes: the newest first."""
        self.ensure_one()
        kinds = dict(self.env["kmp.membership.step"]._fields["kind"]._description_selection(self.env))
        return {
            "steps": [
                {
                    "date": step.date,
                    "name": kinds[step.kind],
                    "class_name": step.class_id.name or "",
                    "resolution": step.resolution or "",
                }
                for step in self.step_ids
            ],
            "periods": [
                {"class_name": period.class_id.name, "date_from": period.date_from, "date_to": period.date_to}
                for period in self.period_ids.sorted("date_from", reverse=True)
            ],
        }

    def _prepare_portal_capital(self):
        """What the member holds of each share type, and together: list of {name, code, balance}, capital, savings."""
        self.ensure_one()
        holdings = self.env["kmp.share.holding"].search([("membership_id", "=", self.id)])
        return {
            "holdings": [
                {
                    "name": holding.share_type_id.name,
                    "balance": self._format_amount(holding.balance),
                    "date_last": holding.date_last,
                }
                for holding in holdings
            ],
            "capital": self._format_amount(self.paid_in_capital),
            "savings": self._format_amount(self.savings) if self.savings else "",
        }

    def _prepare_portal_statement(self, offset=0):
        """A page of the Buku Simpanan, the newest voucher first: list of {date, voucher, name, share_type, amount, balance}."""
        self.ensure_one()
        items = self.env["kmp.share.ledger"].search(
            [("membership_id", "=", self.id)], limit=STATEMENT_STEP, offset=offset
        )
        return [
            {
                "date": item.date,
                "voucher": item.move_name,
                "name": item.name or "",
                "share_type": item.share_type_id.name,
                "amount": self._format_amount(item.amount),
                "is_out": item.amount < 0,
                "balance": self._format_amount(item.balance),
            }
            for item in items
        ]

    def _count_portal_statement(self):
        return self.env["kmp.share.ledger"].search_count([("membership_id", "=", self.id)])

    def _prepare_portal_open_dues(self):
        """What is owed, the oldest first: list of {id, name, date_due, amount, is_late}, and together."""
        self.ensure_one()
        items = self._get_open_dues_items()[self]
        today = fields.Date.context_today(self)
        return {
            "dues": [
                {
                    "id": item.id,
                    "name": item.name,
                    "date_due": item.date_maturity,
                    "amount": self._format_amount(item.amount_residual),
                    "is_late": (item.date_maturity or date.max) < today,
                }
                for item in items
            ],
            "dues_total": self._format_amount(sum(items.mapped("amount_residual"))) if items else "",
        }

    def _prepare_portal_settled_dues(self, offset=0):
        """A page of what was billed and is not owed any more: list of {name, date_due, amount, status}, the newest period first."""
        self.ensure_one()
        lines = self.env["kmp.contribution.line"].search(
            self._get_settled_dues_domain(), limit=DUES_STEP, offset=offset
        )
        labels = dict(lines._fields["status"]._description_selection(self.env))
        return [
            {
                "name": line._describe(line.share_type_id.name),
                "date_due": line.date_due,
                "amount": self._format_amount(line.amount),
                "status": labels[line.status],
                "is_paid": line.status == "paid",
            }
            for line in lines
        ]

    def _count_portal_settled_dues(self):
        return self.env["kmp.contribution.line"].search_count(self._get_settled_dues_domain())

    def _get_settled_dues_domain(self):
        billed = Domain([("state", "=", "billed"), ("move_line_id.reconciled", "=", True)])
        return Domain("membership_id", "=", self.id) & (billed | Domain("state", "=", "cancelled"))

    def _prepare_portal_contacts(self):
        """How to reach the co-operative, and who holds which post today."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        officers = self.env["kmp.officer"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        )
        return {
            "company": {name: self.company_id[name] or "" for name in ("name", "phone", "email", "website")},
            "address": self.env["kmp.document"]._get_company_address(self.company_id),
            "officers": [officer._prepare_portal_values() for officer in officers],
        }

    def _format_amount(self, amount):
        """An amount of the membership's company as text, in the language of whoever reads it."""
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    @api.model
    def _format_exact(self, number):
        """A Decimal as text with all its digits and no more, in the language of whoever reads it.

        Numbers that a reader computes with again are not rounded, and Odoo's own ways of writing them go through float.
        """
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        sign = "-" if number < 0 else ""
        whole, _point, fraction = f"{abs(number):f}".partition(".")
        fraction = fraction.rstrip("0")
        grouped = lang.format("%d", int(whole), grouping=True)
        return sign + (f"{grouped}{lang.decimal_point}{fraction}" if fraction else grouped)
