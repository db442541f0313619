from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.tools import in_indonesian

SHORT_HASH = 12


class MeetingSubject(models.AbstractModel):
    """What takes effect only by a carried resolution of the members' meeting that names its hash (UU 25/1992 art. 23).

    This binds a company from the moment its voting rules are in force: before that it holds no meetings here. The resolution names the hash
    in its words, which do not change once they are voted on; so what is changed after the vote has to be put to a meeting again.
    """

    _name = "kmp.meeting.subject"
    _description = "Subject of a Resolution"

    resolution_id = fields.Many2one(
        "kmp.meeting.resolution",
        "Resolution of the Meeting",
        check_company=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', '=', company_id), ('meeting_id.kind', '!=', 'class')]",
    )
    resolution_result = fields.Selection(related="resolution_id.result", string="Decision")
    needs_resolution = fields.Boolean(compute="_compute_needs_resolution")

    def _compute_needs_resolution(self):
        for subject in self:
            subject.needs_resolution = subject.company_id._decides_by_meeting()

    def _get_subject_hash(self):
        """SHA-256 of what the meeting decides; empty while there is nothing to decide."""
        raise NotImplementedError

    def _get_subject_words(self):
        """The sentence of the motion, in the language of the environment."""
        raise NotImplementedError

    def action_put_to_meeting(self):
        """Ask which meeting is to decide, then put a motion to it. For officers."""
        self.ensure_one()
        self.env["kmp.meeting"]._check_officer()
        self.check_access("write")
        self._check_has_hash()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put to the Meeting"),
            "res_model": "kmp.meeting.proposal",
            "view_mode": "form",
            "target": "new",
            "context": {"default_subject": f"{self._name},{self.id}"},
        }

    def _check_has_hash(self):
        if not self._get_subject_hash():
            raise UserError(
                self.env._("%s: there is nothing yet that a meeting could decide.", self.display_name)
            )

    def _prepare_motion(self):
        """(subject, words) of the motion: the hash stands in them short, to read out, and long, to compare."""
        subject, digest = in_indonesian(self), self._get_subject_hash()
        name = subject.env._(
            "%(subject)s (hash %(short)s)", subject=subject.display_name, short=digest[:SHORT_HASH]
        )
        return name, [subject._get_subject_words(), subject.env._("SHA-256: %s", digest)]

    def _check_resolved(self):
        """Whatever takes effect asks this first.

        :raise UserError: names what is missing, in a company whose meetings decide
        """
        for subject in self.filtered("needs_resolution"):
            problem = subject._get_resolution_problem()
            if problem:
                raise UserError(
                    self.env._(
                        "%(subject)s takes effect by a carried resolution of the members' meeting that names its hash %(hash)s. "
                        "%(problem)s Put it to the meeting.",
                        subject=subject.display_name,
                        hash=(subject._get_subject_hash() or "")[:SHORT_HASH],
                        problem=problem,
                    )
                )

    def _get_resolution_problem(self):
        """Why the resolution does not carry this; empty when it does."""
        resolution = self.resolution_id
        if not resolution:
            return self.env._("None is entered.")
        values = {"resolution": resolution.display_name}
        if resolution.company_id != self.company_id:
            return self.env._("%(resolution)s is one of another company.", **values)
        if resolution.meeting_id.kind == "class":
            return self.env._("%(resolution)s is one of a class meeting, not of all members.", **values)
        if resolution.state != "closed":
            return self.env._(
                "%(resolution)s is %(state)s.", **values, state=resolution._label("state").lower()
            )
        if resolution.result != "carried":
            return self.env._(
                "%(resolution)s: %(result)s.", **values, result=resolution._label("result").lower()
            )
        if not resolution._names(self._get_subject_hash()):
            return self.env._("%(resolution)s decided on something else, or on an earlier version.", **values)
        return ""
