import calendar

from odoo import api, models
from odoo.fields import Command
from odoo.tools import format_date
from odoo.tools.gc import disabling_gc

from ..periods import FOREVER
from ..tools import unsealed


class ContributionRun(models.Model):
    """The entries of a run, and how their items read."""

    _inherit = "kmp.contribution.run"

    def _post_dues_entry(self, kind, day, items, reason=None):
        """Post one entry of this run.

        :param kind: ``bill``, ``cancel`` or ``transfer``
        :param items: list of (account id, partner id, balance, label, due date), amounts in the company's currency
        :return: the posted account.move, as superuser
        """
        self.ensure_one()
        self.company_id._check_not_locked(day, self.journal_id, self.name)
        # A plain environment: neither defaults of the caller's form nor its flags belong into this entry.
        # sudo: whoever bills, pays or undoes a payment needs no other right in accounting for it
        env = self.env(
            su=True,
            context={
                "lang": self.env.lang,
                "allowed_company_ids": self.company_id.ids,
                "tracking_disable": True,
            },
        )
        with disabling_gc():
            move = unsealed(env["account.move"]).create(
                self._prepare_dues_entry(env, kind, day, items, reason)
            )
            move._post(soft=False)
        return move

    def _prepare_dues_entry(self, env, kind, day, items, reason):
        prepare = env["account.move.line"]._prepare_known_item
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": day,
            "ref": f"{self.name}: {reason}" if reason else self.name,
            "kmp_contribution_run_id": self.id if kind != "transfer" else False,
            "kmp_dues_kind": kind,
            "line_ids": [
                Command.create(
                    prepare(account_id, partner_id, self.currency_id.round(balance), label, date_due)
                )
                for account_id, partner_id, balance, label, date_due in items
            ],
        }

    @api.model
    def _describe_line(self, share_type_name, date_from, date_to):
        """For example ``Simpanan Wajib, January 2025``."""
        return ", ".join(filter(None, (share_type_name, self._describe_period(date_from, date_to))))

    @api.model
    def _describe_period(self, date_from, date_to):
        if date_to == FOREVER:
            return ""
        is_whole = date_from.day == 1 and date_to.day == calendar.monthrange(date_to.year, date_to.month)[1]
        if is_whole and (date_from.month, date_to.month) == (1, 12) and date_from.year == date_to.year:
            return str(date_from.year)
        first, last = (
            format_date(self.env, day, date_format="MMMM y" if is_whole else None)
            for day in (date_from, date_to)
        )
        return first if first == last else f"{first} – {last}"
