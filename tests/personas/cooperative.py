"""Two co-operatives, a user for each persona, and in the first one a record of every model."""

from odoo import Command
from odoo.tests import new_test_user

from .meeting import MeetingCase
from .surplus import SurplusCase
from .table import PERSONAS, is_listed
from .wizards import WizardCase

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


class PersonaCase(SurplusCase, MeetingCase, WizardCase):
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
        cls.users = {persona: cls._create_persona(persona) for persona in PERSONAS}
        cls._audit_year()
        cls.env.flush_all()

    @classmethod
    def _create_persona(cls, persona):
        if persona == "public":
            return cls.env.ref("base.public_user")
        company = cls.other_company if persona == "officer-2" else cls.company
        people = cls.members | {"applicant": cls.applicant}
        has_portal = persona in people
        partner = {"partner_id": people[persona].partner_id.id} if has_portal else {}
        return new_test_user(
            cls.env,
            f"persona-{persona}",
            groups="base.group_portal" if has_portal else GROUPS[persona],
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            **partner,
        )

    def _as(self, records, persona):
        """The records as the user has them who opens them by their id: nothing is read yet."""
        self.env.invalidate_all()
        user = self.users[persona]
        return records.with_env(self.env(user=user, context={"allowed_company_ids": user.company_ids.ids}))

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
