import re

from odoo.addons.kmp_membership.tests.portal_common import PortalMixin

from .common import MeetingCase


class MeetingPortalCase(PortalMixin, MeetingCase):
    """Two producers and a consumer with portal access, and a meeting of all members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule(proxies_per_member=1)
        cls.ani, cls.budi = cls.members[cls.producers][:2]
        cls.citra = cls.members[cls.consumers][0]
        cls.user_ani, cls.user_budi, cls.user_citra = (
            cls._give_access(member, login)
            for member, login in ((cls.ani, "ani"), (cls.budi, "budi"), (cls.citra, "citra"))
        )

    def _row(self, meeting, member):
        return meeting.roll_ids.filtered(lambda row: row.membership_id == member)

    def _open_vote(self, meeting, **vals):
        vote = self._create_resolution(meeting, **{"method": "secret", "name": "Accounts"} | vals)
        vote.action_open_vote()
        return vote

    def _vote(self, vote, member, choice="yes", **data):
        row = self._row(vote.meeting_id, member)
        return self._send_form(
            f"/my/meeting/{vote.meeting_id.id}/vote/{vote.id}",
            **{"roll_id": row.id, "choice": choice} | data,
        )

    def _token(self, response):
        return re.search(r'id="kmp_receipt"[^>]*>([^<]+)<', response.text).group(1)
