"""Two co-operatives, a user for each persona, and in the first one a record of every model."""

import base64
import io
from datetime import date

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.kmp_membership.tests.contribution_common import ContributionCase
from odoo.addons.kmp_membership.tools import unsealed

from .table import PERSONAS, VISITORS, is_listed

GROUPS = {
    "staff": "base.group_user",
    "clerk": "kmp_membership.group_clerk",
    "officer": "kmp_membership.group_officer",
    "supervisor": "kmp_membership.group_supervisor",
    "auditor": "kmp_membership.group_auditor",
    "accountant": "kmp_shu.group_shu_accountant",
    "officer-2": "kmp_membership.group_officer",
    "admin": "base.group_system",
}
BUSINESS = b"member,date,value\nA-1,2025-05-05,300\n"
MEMBERS = b"number,name,class,date_start\nC-1,Citra,PRD,2025-01-01\n"
FILE = base64.b64encode(BUSINESS)
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


class PersonaCase(ContributionCase):
    """`users[persona]`, and `records[model]`: what belongs to company 1 and, where it can, to member A."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.records = {}
        cls._register_members()
        cls._bill_dues()
        cls._suspend()
        cls._sell_ticket()
        cls._distribute_surplus()
        cls._bear_loss()
        cls._receive_grant()
        cls._check_import()
        cls._hold_meeting()
        cls._collect_records()
        cls.users = {persona: cls._create_persona(persona) for persona in PERSONAS | VISITORS}
        cls._audit_year()
        cls.env.flush_all()

    @classmethod
    def _create_persona(cls, persona):
        if persona == "public":
            return cls.env.ref("base.public_user")
        company = cls.other_company if persona == "officer-2" else cls.company
        people = cls.members | {"applicant": cls.applicant}
        is_member = persona in people
        partner = {"partner_id": people[persona].partner_id.id} if is_member else {}
        return new_test_user(
            cls.env,
            f"persona-{persona}",
            groups="base.group_portal" if is_member else GROUPS[persona],
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **partner,
        )

    def _as(self, records, persona):
        """The records as the user has them who opens them by their id: nothing is read yet."""
        self.env.invalidate_all()
        user = self.users[persona]
        return records.with_env(self.env(user=user, context={"allowed_company_ids": user.company_ids.ids}))

    # ---------------------------------------------------------------- a year of company 1

    @classmethod
    def _register_members(cls):
        cls.members = {
            "member-a": cls._create_member("Ani", "A-1", national_id="3171234567890001"),
            "member-b": cls._create_member("Budi", "B-1"),
        }
        cls.member = cls.members["member-a"]
        cls.member.partner_id.write(
            {
                "phone": "0812000001",
                "email": "ani@example.com",
                "bank_ids": [Command.create({"acc_number": "1234567890"})],
            }
        )
        cls.bylaws = cls.env["kmp.bylaws"].create(
            {
                "name": "AD",
                "date": "2020-01-01",
                "date_from": "2020-01-01",
                "company_id": cls.company.id,
                "document": FILE,
            }
        )
        cls.operation = cls._create_deposit(cls.member, 100)
        cls.operation.with_user(cls.officer).action_post()
        cls._open_to_the_web()
        cls.env["kmp.officer"].create(
            {
                "membership_id": cls.member.id,
                "date_from": "2025-01-01",
                "date_to": "2026-01-01",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _open_to_the_web(cls):
        """An application, a request of member A, and a public page."""
        cls.company.kmp_applications_open = True
        cls.applicant = cls.env["kmp.membership"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Citra"}).id,
                "company_id": cls.company.id,
                "applied_class_id": cls.producers.id,
            }
        )
        asked = {"message": "x", "share_type_id": cls.pokok.id, "amount": 5}
        cls.env["kmp.member.request"].create({"membership_id": cls.member.id, "kind": "deposit", **asked})
        cls.env["kmp.web.attempt"].create({"key": "x", "hour": "2026-01-01 00:00:00", "count": 1})

    @classmethod
    def _bill_dues(cls):
        january = cls._bill()
        line = january.line_ids.filtered(lambda line: line.membership_id == cls.member)
        cls._match(cls._pay(cls.member, 20000), line)
        cls.env["kmp.contribution.exemption"].create(
            {"membership_id": cls.member.id, "reason": "Harvest failed"}
        )

    @classmethod
    def _suspend(cls):
        cls.member.with_user(cls.officer)._apply_step(
            "suspend", date(2025, 6, 1), document=FILE, document_name="letter.csv"
        )

    @classmethod
    def _sell_ticket(cls):
        cls.env["kmp.ticket"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.member.partner_id.id,
                "membership_id": cls.member.id,
                "class_id": cls.producers.id,
                "share_type_id": cls.pokok.id,
                "amount": 100,
            }
        )
        cls.product = cls.env["product.product"].create({"name": "Ticket", "company_id": cls.company.id})

    @classmethod
    def _distribute_surplus(cls):
        undistributed = cls._create_account("390001", "SHU", "equity_unaffected")
        payable = cls._create_account("220001", "SHU Terutang", "liability_current")
        sales = cls._create_account("410001", "Penjualan", "income")
        cls.company.write(
            {
                "shu_undistributed_account_id": undistributed.id,
                "shu_payable_account_id": payable.id,
                "shu_journal_id": cls.misc_journal.id,
            }
        )
        cls._create_entry(sales, None, 1000, date(2025, 12, 31)).action_post()
        category = cls.env["product.category"].create({"name": "First quality"})
        shop = cls.env["kmp.patronage.basis"].create(
            {
                "code": "SHOP",
                "name": "Shop",
                "source": "kmp.patronage.source.imported",
                "measure": "value",
                "company_id": cls.company.id,
                "weight_ids": [Command.create({"category_id": category.id, "factor": 1})],
            }
        )
        cls.env["kmp.patronage.import"]._import_file(io.BytesIO(BUSINESS), "business.csv", shop)
        cls.reserve = cls._create_account("390002", "Dana Cadangan", "equity")
        cls._create_entry(cls.reserve, None, 10, date(2025, 1, 5)).action_post()
        split = [Command.create({"class_id": cls.producers.id, "percent": 100})]
        scheme = cls.env["kmp.shu.scheme"].create(
            {
                "name": "By-laws",
                "company_id": cls.company.id,
                "date_from": "2025-01-01",
                "line_ids": [
                    Command.create(
                        {
                            "code": "CAD",
                            "name": "Cadangan",
                            "kind": "reserve",
                            "percent": 20,
                            "account_id": cls.reserve.id,
                        }
                    ),
                    Command.create({"code": "JM", "name": "Jasa modal", "kind": "capital", "percent": 30}),
                    Command.create(
                        {
                            "code": "JU",
                            "name": "Jasa usaha",
                            "kind": "patronage",
                            "percent": 50,
                            "basis_id": shop.id,
                            "split_ids": split,
                        }
                    ),
                ],
            }
        )
        cls.env["kmp.shu.scheme.line"].create(
            {
                "scheme_id": scheme.id,
                "code": "INS",
                "name": "Incentive",
                "kind": "fund",
                "percent": 0,
                "account_id": cls.reserve.id,
                "condition": "The targets were met",
                "excess_line_id": scheme.line_ids.filtered(lambda line: line.kind == "reserve").id,
            }
        )
        scheme.action_put_into_force()
        cls.year = cls.env["kmp.shu.run"].create(
            {
                "scheme_id": scheme.id,
                "date_from": "2025-01-01",
                "date_to": "2025-12-31",
                "posting_date": "2026-03-24",
            }
        )
        cls.year.condition_ids.write({"is_met": "yes", "note": "Minutes 7"})
        cls.year._update_warnings().write({"reason": "No income tax is due"})
        cls.year._update_warnings().write({"reason": "The treasurer knows"})
        cls.year.action_compute()
        cls.year.with_user(cls.officer).write({"resolution": "07/RAT/2026"})
        cls.year.with_user(cls.officer).action_approve()
        cls.year.action_post()
        cls.env["kmp.shu.payout.wizard"].create(
            {"run_id": cls.year.id, "method": "cash", "date": "2026-04-01"}
        ).action_prepare()
        cls.bank_file = cls.env["kmp.bank.file.format"].create(
            {
                "name": "Bank",
                "company_id": cls.company.id,
                "column_ids": [
                    Command.create({"kind": "account_number"}),
                    Command.create({"kind": "amount"}),
                ],
            }
        )

    @classmethod
    def _bear_loss(cls):
        cls._create_entry(cls.expense, None, -50, date(2024, 12, 31)).action_post()
        cls.env["kmp.shu.loss"].create(
            {
                "date_from": "2024-01-01",
                "date_to": "2024-12-31",
                "line_ids": [
                    Command.create({"kind": "reserve", "account_id": cls.reserve.id, "percent": 100})
                ],
            }
        )

    @classmethod
    def _receive_grant(cls):
        cls.env["kmp.funding"].create(
            {
                "name": "12/HIBAH/2025",
                "source_type": "village",
                "source_name": "Desa",
                "amount": 10,
                "date_received": "2025-01-05",
                "account_id": cls.reserve.id,
                "company_id": cls.company.id,
            }
        )
        cls.env["kmp.market.comparison"].create(
            {
                "name": "Shop",
                "date_to": "2025-12-31",
                "basis_id": cls.env["kmp.patronage.basis"]
                .search([("company_id", "=", cls.company.id)], limit=1)
                .id,
                "difference": 5,
                "company_id": cls.company.id,
            }
        )
        cls.env["kmp.report.text"]._prepare_year(cls.company, date(2025, 12, 31), "supervisors")
        pack = cls.env["kmp.rat.pack"].create({"date_to": "2025-12-31", "company_id": cls.company.id})
        officer = cls.env["kmp.officer"].search([("company_id", "=", cls.company.id)], limit=1)
        unsealed(cls.env["kmp.rat.pack.signature"]).create({"pack_id": pack.id, "officer_id": officer.id})

    @classmethod
    def _check_import(cls):
        cls.env["kmp.membership.import"].create(
            {"company_id": cls.company.id, "file": base64.b64encode(MEMBERS), "file_name": "members.csv"}
        ).action_check()

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

    @classmethod
    def _audit_year(cls):
        """The auditor's own working papers, with a sample and closing balances."""
        audits = cls.env["kmp.audit"].with_user(cls.users["auditor"])
        audit = audits.create(
            {"company_id": cls.company.id, "date_from": "2025-01-01", "date_to": "2025-12-31"}
        )
        sample = audit.sample_ids.create({"audit_id": audit.id, "seed": "7", "size": 1})
        sample.action_draw()
        audit.check_ids[0].action_run()
        audit._keep_balances()
        cls.records |= {
            "kmp.audit": audit.with_user(cls.env.user),
            "kmp.audit.check": audit.check_ids[:1].with_user(cls.env.user),
            "kmp.audit.sample": sample.with_user(cls.env.user),
            "kmp.audit.sample.line": sample.line_ids.with_user(cls.env.user),
            "kmp.audit.balance": audit.balance_ids[:1].with_user(cls.env.user),
        }

    # ---------------------------------------------------------------- what is tried

    @classmethod
    def _collect_records(cls):
        """A record of company 1 for every stored model of the addons, of member A where there is a member."""
        for model in cls._get_models():
            if not cls.env[model]._transient:
                cls.records[model] = cls._find(model)
        cls.records |= {
            "kmp.bank.file.column": cls.bank_file.column_ids[:1],
            "res.company": cls.company,
            "res.partner": cls.member.partner_id,
            "res.partner.bank": cls.member.partner_id.bank_ids,
            "account.move": cls.operation.move_id,
            "product.template": cls.product.product_tmpl_id,
            "product.product": cls.product,
        }

    @classmethod
    def _get_models(cls):
        """The models with records that the addons bring in: `kmp.*`, and any other of theirs."""
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if not model._abstract and is_listed(model._original_module or "")
        )

    @classmethod
    def _find(cls, model):
        records = cls.env[model].with_context(active_test=False)
        if model == "kmp.membership":
            return cls.member
        if model == "kmp.share.operation":
            return cls.operation
        if "membership_id" in records._fields:
            return records.search([("membership_id", "=", cls.member.id)], limit=1)
        if "company_id" in records._fields:
            return records.search([("company_id", "=", cls.company.id)], limit=1)
        return records.search([], limit=1)

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
