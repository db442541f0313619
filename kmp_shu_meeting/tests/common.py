from odoo import Command, fields

LATER = {"days": 10}


class DecisionMixin:
    """Beside a case of kmp_shu: a company whose meetings decide, and an open meeting with all members."""

    @classmethod
    def _put_rules_into_force(cls, company=None):
        rule = cls.env["kmp.voting.rule"].create(
            {"name": "Votes", "company_id": (company or cls.company).id, "date_from": "2020-01-01"}
        )
        rule.action_put_into_force()
        return rule

    @classmethod
    def _open_meeting(cls, **vals):
        meeting = (
            cls.env["kmp.meeting"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "RAT",
                    "date": fields.Datetime.add(fields.Datetime.now(), **LATER),
                    "agenda_ids": [Command.create({"name": "The year"})],
                    **vals,
                }
            )
        )
        meeting.action_convene()
        meeting.roll_ids.action_register()
        meeting.action_open()
        return meeting

    def _propose(self, subject, meeting, **vals):
        """Put it to the meeting as an officer does; the resolution."""
        action = subject.with_user(self.officer).action_put_to_meeting()
        wizard = (
            self.env["kmp.meeting.proposal"]
            .with_user(self.officer)
            .with_context(**action["context"])
            .create({"meeting_id": meeting.id, "method": "hands", **vals})
        )
        return self.env["kmp.meeting.resolution"].browse(wizard.action_confirm()["res_id"])

    def _vote(self, resolution, yes=0, no=0):
        resolution = resolution.with_user(self.officer)
        resolution.action_open_vote()
        resolution.count_ids[0].write({"yes": yes, "no": no})
        resolution.action_close_vote()
        return resolution
