from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import unsealed

from .shu_step import ACCOUNTANT, OFFICER


class KmpShuRun(models.Model):
    """The steps of a run: who may take them, from which state, and what they leave behind."""

    _inherit = "kmp.shu.run"

    def _get_noun(self):
        return self.env._("a distribution")

    def _lock(self, *states):
        """Nor does anybody take a step while the run is worked on in the background."""
        result = super()._lock(*states)
        if self.phase:
            raise UserError(
                self.env._(
                    "%(run)s is worked on in the background. Wait until it is done, or cancel it.",
                    run=self.name,
                )
            )
        return result

    def action_compute(self):
        """Collect, freeze and compute. May be done again until someone approves.

        Raises UserError, naming what to do, when the year has draft entries, there is no surplus,
        the scheme is not in force or a pool has money that no member has a claim to.
        """
        self._begin(ACCOUNTANT, self.env._("compute"), "draft", "computed")
        self._check_computable()
        unsealed(self).write({"state": "computing", "computed_by_id": self.env.uid})
        self._start("compare")

    def action_approve(self):
        """Approve the hash that is shown, which the form passes as `kmp_shown_hash` in the context.

        Raises UserError for who computed it, and when it was computed anew after it was shown.
        """
        self._begin(OFFICER, self.env._("approve"), "computed")
        self._check_approvable()
        unsealed(self).write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
                "approved_hash": self.hash,
            }
        )
        self._message_log(
            body=self.env._(
                "Approved %(hash)s by resolution %(resolution)s", hash=self.hash, resolution=self.resolution
            )
        )

    def _check_approvable(self):
        if self.computed_by_id == self.env.user:
            raise UserError(
                self.env._("%(run)s was computed by you. Someone else must approve it.", run=self.name)
            )
        if not self.resolution:
            raise UserError(
                self.env._(
                    "%(run)s has no resolution. Enter the number of the meeting's resolution first.",
                    run=self.name,
                )
            )
        if self.env.context.get("kmp_shown_hash", self.hash) != self.hash:
            raise UserError(
                self.env._(
                    "%(run)s was computed again after you opened it and is now %(hash)s. Look at it anew "
                    "before you approve.",
                    run=self.name,
                    hash=self.hash_short,
                )
            )

    def action_withdraw_approval(self):
        """Back to computed, so that it can be computed again and shows what has changed."""
        self.ensure_one()
        if not self.env.user.has_group(OFFICER):
            self._check_may(ACCOUNTANT, self.env._("reset"))
        self.check_access("write")
        self._lock("approved")
        unsealed(self).write({"state": "computed", **dict.fromkeys(self._get_approval_fields(), False)})

    def _get_approval_fields(self):
        return ["approved_by_id", "approved_on", "approved_hash"]

    def action_post(self):
        """Post the entry of an approved run whose inputs are still what was approved."""
        self._begin(ACCOUNTANT, self.env._("post"), "approved")
        self._check_postable()
        self._start("post")

    def action_reverse(self):
        """Reverse the entry of a posted run, exactly and once."""
        self._begin(ACCOUNTANT, self.env._("reverse"), "posted", "closed")
        self._check_reversible()
        self._reverse_entry()
        unsealed(self).write({"state": "reversed"})

    def _check_reversible(self):
        """Raises UserError when something rests on the entry. Others extend it."""

    def action_reset_to_draft(self):
        """Drop the result of a run that is not posted."""
        self._begin(ACCOUNTANT, self.env._("reset"), "computed", "approved")
        self._reset_to_draft()

    def _reset_to_draft(self):
        self._discard_distribution()
        dropped = ["hash", "frozen_header", "changes", "computed_by_id", "computed_on"]
        unsealed(self).write(
            {"state": "draft", **dict.fromkeys(dropped + self._get_approval_fields(), False)}
        )

    def action_open_shares(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_share_action")
        context = {"is_correction": bool(self.corrects_id)}
        return {**action, "domain": [("run_id", "=", self.id)], "context": context}
