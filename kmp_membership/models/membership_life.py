from datetime import timedelta

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import unsealed


class Membership(models.Model):
    """The life of a membership: every change of its status is a step that is kept, see ``kmp.membership.step``."""

    _inherit = "kmp.membership"

    def action_approve(self):
        return self._action_step("approve")

    def action_reject(self):
        return self._action_step("reject")

    def action_activate(self):
        return self._action_step("activate")

    def action_change_class(self):
        return self._action_step("change_class")

    def action_suspend(self):
        return self._action_step("suspend")

    def action_reinstate(self):
        return self._action_step("reinstate")

    def action_leave(self):
        return self._action_step("resign")

    def action_readmit(self):
        return self._action_step("readmit")

    def _action_step(self, kind):
        self._check_officer(self.env._("take this step"))
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id("kmp_membership.membership_step_wizard_action")
        labels = dict(self.env["kmp.membership.step"]._fields["kind"]._description_selection(self.env))
        return action | {
            "name": self.env._("Leave") if kind == "resign" else labels[kind],
            "context": {"default_kind": kind, "default_membership_ids": [Command.set(self.ids)]},
        }

    def _apply_step(self, kind, date, class_id=None, **details):
        """Take one step in the life of these memberships, all or none, and keep it as a record.

        :param kind: see ``kmp.membership.step``
        :param date: the first day on which the step holds
        :param class_id: the class for ``activate`` and ``change_class``; by default the one applied for
        :param details: ``resolution``, ``reason``, ``document``, ``document_name``
        :return: the steps
        :raise UserError: a membership is in a state from which the step does not lead
        """
        steps = self.env["kmp.membership.step"]
        transition = steps._get_transitions()[kind]
        self._check_officer(self.env._("take this step"))
        self.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["state"])
        for membership in self:
            if membership.state not in transition.sources:
                raise UserError(
                    self.env._(
                        "Member %(name)s is %(state)s: the step “%(step)s” is not possible.",
                        name=membership.display_name,
                        state=membership._label("state"),
                        step=dict(steps._fields["kind"]._description_selection(self.env))[kind],
                    )
                )
        getattr(self, f"_step_{kind}", lambda *args: None)(date, class_id)
        vals = {"state": transition.target} if transition.target else {}
        if transition.left_reason:
            vals |= {"left_reason": transition.left_reason, "date_end": date}
        unsealed(self).write(vals)
        # sudo: nobody may create a step by hand; who took it stands in create_uid
        return steps.sudo().create(
            [
                {
                    "membership_id": membership.id,
                    "kind": kind,
                    "date": date,
                    "class_id": membership.class_id.id,
                    **details,
                }
                for membership in self
            ]
        )

    def _step_activate(self, date, class_id):
        for membership in self:
            if not (class_id or membership.applied_class_id):
                raise UserError(
                    self.env._(
                        "Member %(name)s: choose the class in which the membership begins.",
                        name=membership.display_name,
                    )
                )
            membership._check_admitted(class_id or membership.applied_class_id)
            membership._check_entry_paid(class_id or membership.applied_class_id, date)
        for company, memberships in self.filtered(lambda m: not m.number).grouped("company_id").items():
            for membership, number in zip(
                memberships, self._next_numbers(company, len(memberships)), strict=True
            ):
                membership.number = number
        self.env["kmp.membership.period"].create(
            [
                {
                    "membership_id": membership.id,
                    "class_id": (class_id or membership.applied_class_id).id,
                    "date_from": date,
                }
                for membership in self
            ]
        )
        unsealed(self).write({"date_start": date, "date_end": False, "left_reason": False})

    def _check_admitted(self, stakeholder_class):
        if not stakeholder_class._admits(self.member_kind):
            raise UserError(
                self.env._(
                    "The class %(class)s does not admit %(name)s (%(kind)s).",
                    **{
                        "class": stakeholder_class.display_name,
                        "name": self.display_name,
                        "kind": self._label("member_kind"),
                    },
                )
            )

    def _step_change_class(self, date, class_id):
        if not class_id:
            raise UserError(self.env._("Choose the new class."))
        for membership in self:
            if membership.class_id == class_id:
                raise UserError(
                    self.env._(
                        "Member %(name)s already belongs to the class %(class)s.",
                        **{"name": membership.display_name, "class": class_id.display_name},
                    )
                )
            membership._check_admitted(class_id)
        self._close_periods(date - timedelta(days=1))
        self.env["kmp.membership.period"].create(
            [
                {"membership_id": membership.id, "class_id": class_id.id, "date_from": date}
                for membership in self
            ]
        )

    def _step_resign(self, date, _class_id):
        self._leave(date)

    _step_expel = _step_decease = _step_resign

    def _leave(self, last_day):
        """Hook: what ends with a membership."""
        self._close_periods(last_day)

    def _close_periods(self, last_day):
        """End the open period of each membership on ``last_day``."""
        periods = self.period_ids.filtered(lambda period: not period.date_to or period.date_to > last_day)
        for period in periods:
            if period.date_from > last_day:
                raise UserError(
                    self.env._(
                        "Member %(name)s belongs to %(class)s since %(date_from)s: the step must take effect after that day.",
                        **{
                            "name": period.membership_id.display_name,
                            "class": period.class_id.display_name,
                            "date_from": format_date(self.env, period.date_from),
                        },
                    )
                )
        periods.write({"date_to": last_day})
