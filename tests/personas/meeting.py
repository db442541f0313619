"""A meeting of company 1 in the middle of its votes."""

from odoo import Command, fields

from odoo.addons.kmp_membership.tools import unsealed

from .members import FILE, MembersCase


class MeetingCase(MembersCase):
    """Its document is `records["ir.attachment"]`; `records["signed.meeting"]` is an earlier one, of the same members."""

    @classmethod
    def _hold_meeting(cls):
        """A meeting of delegates: a secret vote that is closed, with member B's ballot, and an election by hands under way."""
        rule = cls.env["kmp.voting.rule"].create(
            {
                "name": "Votes",
                "company_id": cls.company.id,
                "date_from": "2025-01-01",
                "line_ids": [Command.create({"class_id": cls.producers.id})],
            }
        )
        rule.action_put_into_force()
        meeting = cls.env["kmp.meeting"].create(
            {
                "name": "RAT",
                "company_id": cls.company.id,
                "rule_id": rule.id,
                "roll_basis": "delegates",
                "roll_date": "2025-05-01",  # before member A was suspended
                "date": fields.Datetime.add(fields.Datetime.now(), days=1),
                "agenda_ids": [Command.create({"name": "Accounts"})],
                "delegate_ids": [
                    Command.create({"membership_id": member.id}) for member in cls.members.values()
                ],
            }
        )
        votes = cls.env["kmp.meeting.resolution"]
        secret = votes.create({"meeting_id": meeting.id, "name": "Accounts", "method": "secret"})
        election = votes.create(
            {
                "meeting_id": meeting.id,
                "name": "Board",
                "kind": "election",
                "method": "hands",
                "candidate_ids": [Command.create({"membership_id": cls.member.id})],
            }
        )
        meeting.attachment_ids = [Command.create({"name": "report.pdf", "datas": FILE})]
        cls.records["ir.attachment"] = meeting.attachment_ids
        meeting.delegate_ids[0].instruction_ids = [
            Command.create({"resolution_id": secret.id, "choice": "yes"})
        ]
        meeting.action_convene()
        meeting.roll_ids.action_register()
        meeting.action_open()
        secret.action_open_vote()
        secret._cast(cls.members["member-b"], "yes")
        secret.action_close_vote()
        election.action_open_vote()
        cls._sign_minutes(meeting)

    @classmethod
    def _sign_minutes(cls, meeting):
        signed = meeting.copy({"name": "RAT before", "date": fields.Datetime.subtract(meeting.date, years=1)})
        rows = [{**row.copy_data()[0], "meeting_id": signed.id} for row in meeting.roll_ids]
        unsealed(cls.env["kmp.meeting.roll"]).create(rows)
        unsealed(signed).write({"state": "signed", "minutes_file": FILE, "minutes_file_name": "minutes.pdf"})
        cls.records["signed.meeting"] = signed
