import json

from odoo import models
from odoo.tools import format_date

from odoo.addons.kmp_shu.engine.canonical import NEWLINE, TAB, digest, number, scheme_records

FORMAT = ("kmp-shu-scheme", "1")


class KmpShuScheme(models.Model):
    """A scheme comes into force by resolution. Schemes that were in force before the meetings were held here stay so."""

    _name = "kmp.shu.scheme"
    _inherit = ["kmp.shu.scheme", "kmp.meeting.subject"]

    def write(self, vals):
        if "resolution_id" in vals:
            self._check_editable()
        return super().write(vals)

    def action_put_into_force(self):
        """:raise UserError: the meeting has not carried a resolution that names the hash of the scheme"""
        self._check_officer()
        self.bylaws_id._check_effective()
        self._check_resolved()
        return super().action_put_into_force()

    def _check_has_hash(self):
        self._check_editable()
        return super()._check_has_hash()

    def _get_subject_hash(self):
        """Of everything that decides who gets what: the records of the canonical form of a run, and what it does not hold."""
        lines = [TAB.join(record) for record in self._get_subject_records()]
        return digest((NEWLINE.join(lines) + NEWLINE).encode())

    def _get_subject_records(self):
        scheme = self._get_engine_scheme()
        tax = scheme.tax
        return [
            FORMAT,
            ("from", self.date_from.isoformat()),
            ("rounding", number(scheme.unit), scheme.method),
            ("tax", number(tax.percent), tax.base, number(tax.exempt)),
            ("membership", self.membership_policy, "all" if self.members_share_non_member else "members"),
            *scheme_records(scheme),
            *self._get_line_records(),
        ]

    def _get_line_records(self):
        """The accounts that make a fund, and the conditions, on one line each."""
        for line in self.with_company(self.company_id).line_ids.sorted():
            if line.account_id:
                yield "account", line.code, line.account_id.code
            if line.condition:
                yield "condition", line.code, json.dumps(line.condition)

    def _get_subject_words(self):
        return self.env._(
            "The meeting decides that from %(date)s a surplus is divided by %(scheme)s, as written under the hash that is given here.",
            date=format_date(self.env, self.date_from),
            scheme=self.name,
        )
