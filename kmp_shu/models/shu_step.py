from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.kmp_membership.tools import unsealed


class KmpShuStep(models.AbstractModel):
    """A document that goes from state to state by the steps of users who may take them.

    Where it posts, its entry is `move_id` and the reversal of that `reversal_move_id`.
    """

    _name = "kmp.shu.step"
    _description = "Document with steps"

    def _get_noun(self):
        """What the document is, in a sentence: "a distribution"."""
        raise NotImplementedError

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

    def _reverse_entry(self):
        """Reverse the entry today, exactly. Raises UserError when today is locked."""
        date, journal = fields.Date.context_today(self), self.move_id.journal_id
        self.company_id._check_not_locked(date, journal, self.display_name)
        reversal = unsealed(self.move_id)._reverse_moves(
            [
                {
                    "date": date,
                    "ref": self.env._("Reversal of %(run)s", run=self.display_name),
                    "journal_id": journal.id,
                }
            ]
        )
        reversal._post(soft=False)
        unsealed(self).reversal_move_id = reversal
