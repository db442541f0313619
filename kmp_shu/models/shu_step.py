from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_membership.tools import is_unsealed, unsealed

ACCOUNTANT = "kmp_shu.group_shu_accountant"
OFFICER = "kmp_membership.group_officer"


class KmpShuStep(models.AbstractModel):
    """A document that goes from state to state by the steps of users who may take them.

    Where it posts, its entry is `move_id` and the reversal of that `reversal_move_id`.
    """

    _name = "kmp.shu.step"
    _description = "Document with steps"

    #: What a step writes, and nobody by hand.
    _sealed_fields = frozenset()

    def _get_noun(self):
        """What the document is, in a sentence: "a distribution"."""
        raise NotImplementedError

    def _begin(self, group, action, *states):
        """What every step begins with: one record, the right, its lock, its state as it is now."""
        self.ensure_one()
        self._check_may(group, action)
        self._lock(*states)

    def _check_sealed(self, vals):
        """Raises UserError, naming the fields, unless a step writes what is sealed."""
        sealed = self._sealed_fields & set(vals)
        if sealed and not is_unsealed(self.env):
            raise UserError(
                self.env._(
                    "What a step decides of %(document)s changes by its buttons only: %(fields)s.",
                    document=self._get_noun(),
                    fields=", ".join(sorted(sealed)),
                )
            )

    def _check_may(self, group, action):
        """Raises AccessError, naming the group, for a user who is not in it."""
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._(
                    "%(user)s may not %(action)s %(document)s. Ask an administrator for the group %(group)s.",
                    user=self.env.user.name,
                    action=action,
                    document=self._get_noun(),
                    group=self.env.ref(group).sudo().full_name,  # the name of a group is no secret
                )
            )
        self.check_access("write")

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for document in self.filtered(lambda document: document.state not in states):
            raise UserError(
                self.env._(
                    "%(document)s is %(state)s. This takes %(noun)s that is %(states)s.",
                    document=document.display_name,
                    state=labels[document.state].lower(),
                    noun=self._get_noun(),
                    states=", ".join(labels[state].lower() for state in states),
                )
            )

    def _lock(self, *states):
        """Of two users who do the same thing at once, the second is told.

        Raises UserError when the document is being written, or is in none of `states`.
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Somebody else is at %(document)s right now. Open it again in a moment.",
                    document=self.display_name,
                )
            )
        self.invalidate_recordset()
        self._check_state(*states)

    def _reverse_entry(self, day=None):
        """Reverse the entry on `day` or today, exactly, and match both. Raises UserError when the day is locked."""
        day, journal = day or fields.Date.context_today(self), self.move_id.journal_id
        self.company_id._check_not_locked(day, journal, self.display_name)
        unsealed(self).reversal_move_id = unsealed(self.move_id)._reverse_moves(
            [
                {
                    "date": day,
                    "ref": self.env._("Reversal of %(run)s", run=self.display_name),
                    "journal_id": journal.id,
                }
            ],
            cancel=True,
        )
