"""What a user who knows the ids would enter into each wizard about company 1."""

from odoo import Command

from .members import FILE, MembersCase

# The rows of a wizard, and what they are rows of.
PARENTS = {
    "kmp.meeting.resolution.decision.line": ("decision_id", "kmp.meeting.resolution.decision"),
    "kmp.voting.preset.line": ("wizard_id", "kmp.voting.preset"),
    "kmp.patronage.preview.line": ("preview_id", "kmp.patronage.preview"),
    "kmp.setup.assistant.class": ("assistant_id", "kmp.setup.assistant"),
    "kmp.setup.assistant.dues": ("assistant_id", "kmp.setup.assistant"),
    "kmp.setup.assistant.share": ("assistant_id", "kmp.setup.assistant"),
    "kmp.shu.simulation.line": ("simulation_id", "kmp.shu.simulation"),
    "kmp.simkopdes.export.problem": ("export_id", "kmp.simkopdes.export"),
}


class WizardCase(MembersCase):
    """Reads `records`."""

    def _create_wizard(self, model, persona):
        """The wizard as the user enters it. Raises AccessError."""
        vals = dict(self._get_wizard_vals(model))
        if model in PARENTS:
            name, parent = PARENTS[model]
            vals[name] = self._create_wizard(parent, persona).id
        return self._as(self.env[model], persona).create(vals)

    def _get_wizard_vals(self, model):
        """What a user who knows the ids would enter into the wizard about company 1.

        A new wizard stands here too; a KeyError says which is missing.
        """
        member = {"membership_ids": [Command.set(self.member.ids)]}
        operation = {"operation_ids": [Command.set(self.operation.ids)]}
        line = {"code": "X", "name": "X"}
        return {
            "kmp.contribution.cancel": {
                "run_ids": [Command.set(self.records["kmp.contribution.run"].ids)],
                "reason": "x",
            },
            "kmp.contribution.payment": member | {"journal_id": self.cash_journal.id, "amount": 1},
            "kmp.document.wizard": member | {"company_id": self.company.id},
            "kmp.meeting.proposal": {
                "subject": f"kmp.bylaws,{self.bylaws.id}",
                "meeting_id": self.records["kmp.meeting"].id,
            },
            "kmp.meeting.resolution.decision": {"resolution_id": self.records["kmp.meeting.resolution"].id},
            "kmp.meeting.resolution.decision.line": {
                "candidate_id": self.records["kmp.meeting.candidate"].id
            },
            "kmp.meeting.roll.call": {"resolution_id": self.records["kmp.meeting.resolution"].id},
            "kmp.meeting.second.call": {"meeting_id": self.records["kmp.meeting"].id},
            "kmp.membership.step.wizard": member | {"kind": "reinstate", "date": "2025-07-01"},
            "kmp.patronage.preview": {"basis_id": self.records["kmp.patronage.basis"].id},
            "kmp.patronage.preview.line": {},
            "kmp.patronage.import.wizard": {
                "company_id": self.company.id,
                "basis_ids": [Command.set(self.records["kmp.patronage.basis"].ids)],
                "file": FILE,
                "file_name": "business.csv",
            },
            "kmp.shu.payout.wizard": {
                "run_id": self.records["kmp.shu.run"].id,
                "method": "cash",
                "date": "2026-04-01",
            },
            "kmp.setup.assistant": {
                "company_id": self.company.id,
                "class_line_ids": [Command.create(line | {"role": "other"})],
                "share_line_ids": [Command.clear()],
            },
            "kmp.setup.assistant.class": line | {"role": "other"},
            "kmp.setup.assistant.dues": {"name": "X", "account_type": "asset_current"},
            "kmp.setup.assistant.share": line | {"kind": "special", "account_type": "equity"},
            "kmp.share.operation.payment": operation | {"journal_id": self.cash_journal.id},
            "kmp.share.operation.reversal": operation | {"reason": "x"},
            "kmp.statement.account": {
                "company_id": self.company.id,
                "account_id": self.cash_journal.default_account_id.id,
                "problem": "missing",
            },
            "kmp.statement.wizard": {
                "company_id": self.company.id,
                "date_from": "2025-01-01",
                "date_to": "2025-12-31",
            },
            "kmp.simkopdes.export": {"company_id": self.company.id, "date_to": "2025-12-31"},
            "kmp.simkopdes.export.problem": {
                "name": "A-1",
                "res_model": "kmp.membership",
                "res_id": self.member.id,
            },
            "kmp.statutory.wizard": {"company_id": self.company.id, "date_to": "2025-12-31"},
            "kmp.voting.preset": {"company_id": self.company.id, "preset": "one_vote"},
            "kmp.voting.preset.line": {"class_id": self.producers.id},
            "kmp.shu.scheme.preset": {"company_id": self.company.id, "date_from": "2025-01-01"},
            "kmp.shu.simulation": {
                "company_id": self.company.id,
                "scheme_id": self.records["kmp.shu.scheme"].id,
            },
            "kmp.shu.simulation.line": {
                "scheme_id": self.records["kmp.shu.scheme"].id,
                "section": "line",
                "label": "x",
            },
        }[model]
