from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_membership.tools import unsealed


class KmpShuRun(models.Model):
    """The steps of a run: who may take them, from which state, and what they leave behind."""

    _inherit = "kmp.shu.run"

    def _check_may(self, group, action):
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "%(user)s may not %(action)s a distribution. Ask an administrator for the "
                    "group %(group)s.",
                    user=self.env.user.name,
                    action=action,
                    group=self.env.ref(group).sudo().full_name,  # the name of a group is no secret
                )
            )
        self.check_access("write")

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self.filtered(lambda run: run.state not in states):
            raise UserError(
                self.env._(
                    "%(run)s is %(state)s. This takes a distribution that is %(states)s.",
                    run=run.name,
                    state=labels[run.state].lower(),
                    states=", ".join(labels[state].lower() for state in states),
                )
            )

    def action_compute(self):
        """Collect, freeze and compute. May be done again until someone approves.

        Raises UserError, naming what to do, when the year has draft entries, there is no surplus,
        the scheme is not in force or a pool has money that no member has a claim to.
        """
        self.ensure_one()
        self._check_may("kmp_shu.group_shu_accountant", self.env._("compute"))
        self.lock_for_update()
        self._check_state("draft", "computed")
        self._check_computable()
        self._compute_distribution()
        unsealed(self).write(
            {
                "state": "computed",
                "computed_by_id": self.env.uid,
                "computed_on": fields.Datetime.now(),
            }
        )

    def action_approve(self):
        """Approve the hash that is shown. Raises UserError for who computed it."""
        self.ensure_one()
        self._check_may("kmp_membership.group_officer", self.env._("approve"))
        self.lock_for_update()
        self._check_state("computed")
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
        unsealed(self).write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
                "approved_hash": self.hash,
            }
        )

    def action_post(self):
        """Post the entry of an approved run whose inputs are still what was approved."""
        self.ensure_one()
        self._check_may("kmp_shu.group_shu_accountant", self.env._("post"))
        self.lock_for_update()
        self._check_state("approved")
        self._check_unchanged()
        self._post_entry()
        unsealed(self).write({"state": "posted"})

    def action_reverse(self):
        """Reverse the entry of a posted run, exactly and once."""
        self.ensure_one()
        self._check_may("kmp_shu.group_shu_accountant", self.env._("reverse"))
        self.lock_for_update()
        self._check_state("posted")
        self._reverse_entry()
        unsealed(self).write({"state": "reversed"})

    def action_reset_to_draft(self):
        """Drop the result of a run that is not posted."""
        self.ensure_one()
        self._check_may("kmp_shu.group_shu_accountant", self.env._("reset"))
        self.lock_for_update()
        self._check_state("computed", "approved")
        self._discard_distribution()
        unsealed(self).write(
            {
                "state": "draft",
                "hash": False,
                "approved_hash": False,
                "computed_by_id": False,
                "computed_on": False,
                "approved_by_id": False,
                "approved_on": False,
            }
        )

    def action_open_shares(self):
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_shu.shu_share_action")
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    def action_open_move(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }
