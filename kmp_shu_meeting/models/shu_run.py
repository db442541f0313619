from odoo import models
from odoo.tools import format_date


class KmpShuRun(models.Model):
    """Posted is what the meeting has decided, to the last rupiah of each member: the hash of the run stands in the resolution.

    A correction distributes something else than what was decided, and has a hash and a resolution of its own. A reversal needs none: it
    takes an entry back and gives nobody anything; a run computed anew with the same hash is what the meeting decided, any other is not.
    What was posted before the meetings were held here stays as it is.
    """

    _name = "kmp.shu.run"
    _inherit = ["kmp.shu.run", "kmp.shu.resolution.number"]

    def write(self, vals):
        if "resolution_id" in vals:
            self._check_state("draft", "computed", "approved")
        return super().write(vals)

    def _check_postable(self):
        self._check_resolved()
        return super()._check_postable()

    def _check_has_hash(self):
        self._check_state("computed", "approved")
        return super()._check_has_hash()

    def _get_subject_hash(self):
        return self.hash or ""

    def _get_subject_words(self):
        if self.corrects_id:
            return self.env._(
                "The meeting decides on the correction of %(corrected)s: the surplus is %(surplus)s instead of %(before)s, and the part of "
                "the %(count)s members %(distributed)s, as computed under the hash that is given here.",
                **self._prepare_words_values(),
            )
        return self.env._(
            "The meeting decides on the surplus of the year from %(date_from)s to %(date_to)s: %(surplus)s by %(scheme)s, of which "
            "%(distributed)s to %(count)s members, as computed under the hash that is given here.",
            **self._prepare_words_values(),
        )

    def _prepare_words_values(self):
        """Amounts as text, to be read; what is decided is the hash."""
        amount = self.currency_id.format
        return {
            "corrected": self.corrects_id.name,
            "surplus": amount(self.surplus),
            "before": amount(self.corrects_id.surplus),
            "distributed": amount(self.distributed),
            "count": self.member_count,
            "scheme": self.scheme_id.name,
            "date_from": format_date(self.env, self.date_from),
            "date_to": format_date(self.env, self.date_to),
        }
