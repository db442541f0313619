from datetime import date

from odoo import Command
from odoo.tests import TransactionCase


class MembershipCase(TransactionCase):
    """Two co-operatives with their own accounts, and one user per right. No chart of accounts is loaded: it is not needed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without mails to each new user and notes on each new record, which take a third of the time.
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, no_reset_password=True))
        cls.idr = cls.env.ref("base.IDR")
        cls.idr.active = True
        cls.company = cls._create_company("Koperasi Uji")
        cls.other_company = cls._create_company("Koperasi Lain")
        cls.env.user.company_ids |= cls.company | cls.other_company
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.cash = cls._create_account("110001", "Kas", "asset_cash")
        cls.cash_journal = cls.env["account.journal"].create(
            {
                "name": "Kas",
                "code": "KAS",
                "type": "cash",
                "company_id": cls.company.id,
                "default_account_id": cls.cash.id,
            }
        )
        cls.misc_journal = cls.env["account.journal"].create(
            {"name": "Umum", "code": "UMUM", "type": "general", "company_id": cls.company.id}
        )
        cls._set_up_share_types()
        cls._set_up_classes()
        cls._set_up_users()

    @classmethod
    def _set_up_share_types(cls):
        cls.pokok_account = cls._create_account("310001", "Simpanan Pokok", "equity")
        cls.wajib_account = cls._create_account("310002", "Simpanan Wajib", "equity")
        cls.sukarela_account = cls._create_account("210001", "Simpanan Sukarela", "liability_current")
        cls.pokok = cls._create_share_type("SP", "Simpanan Pokok", "membership", cls.pokok_account)
        cls.wajib = cls._create_share_type("SW", "Simpanan Wajib", "compulsory", cls.wajib_account)
        cls.sukarela = cls._create_share_type("SS", "Simpanan Sukarela", "voluntary", cls.sukarela_account)

    @classmethod
    def _set_up_classes(cls):
        cls.producers, cls.consumers = cls.env["kmp.stakeholder.class"].create(
            [
                {"code": "PRD", "name": "Producers", "role": "producer", "company_id": cls.company.id},
                {"code": "CNS", "name": "Consumers", "role": "consumer", "company_id": cls.company.id},
            ]
        )

    @classmethod
    def _set_up_users(cls):
        """In one go: each `create` of users costs as much as three users."""
        (
            cls.clerk,
            cls.officer,
            cls.supervisor,
            cls.auditor,
            cls.accountant,
            cls.outsider,
            cls.other_officer,
        ) = cls.env["res.users"].create(
            [
                cls._prepare_user("clerk", "kmp_membership.group_clerk"),
                cls._prepare_user("officer", "kmp_membership.group_officer"),
                cls._prepare_user("supervisor", "kmp_membership.group_supervisor"),
                cls._prepare_user("auditor", "kmp_membership.group_auditor"),
                cls._prepare_user("accountant", "account.group_account_user"),
                cls._prepare_user("outsider", "base.group_user"),
                cls._prepare_user("other_officer", "kmp_membership.group_officer", cls.other_company),
            ]
        )

    @classmethod
    def _create_company(cls, name):
        return cls.env["res.company"].create(
            {"name": name, "currency_id": cls.idr.id, "country_id": cls.env.ref("base.id").id}
        )

    @classmethod
    def _create_user(cls, name, group, company=None):
        return cls.env["res.users"].create(cls._prepare_user(name, group, company))

    @classmethod
    def _prepare_user(cls, name, group, company=None):
        """The password is the login."""
        company = company or cls.company
        login = f"{name}_of_{company.id}"
        return {
            "name": f"{login} ({group})",
            "login": login,
            "password": login,
            "email": f"{name[0]}.{name[0]}@example.com",
            "group_ids": [Command.set([cls.env.ref(each).id for each in group.split(",")])],
            "company_id": company.id,
            "company_ids": [Command.set(company.ids)],
        }

    @classmethod
    def _create_account(cls, code, name, account_type, company=None):
        company = company or cls.company
        return (
            cls.env["account.account"]
            .with_company(company)
            .create(
                {
                    "code": code,
                    "name": name,
                    "account_type": account_type,
                    "company_ids": [Command.set(company.ids)],
                }
            )
        )

    @classmethod
    def _create_share_type(cls, code, name, kind, account, company=None):
        return cls.env["kmp.share.type"].create(
            {
                "code": code,
                "name": name,
                "kind": kind,
                "account_id": account.id,
                "company_id": (company or cls.company).id,
            }
        )

    @classmethod
    def _create_member(
        cls, name, number=None, stakeholder_class=None, date_from=date(2025, 1, 1), partner=None, **vals
    ):
        """An active member since ``date_from``; without a partner one of that name is made."""
        return cls.env["kmp.membership"].create(
            {
                "partner_id": (partner or cls.env["res.partner"].create({"name": name})).id,
                "company_id": cls.company.id,
                "state": "active",
                "date_start": date_from,
                "period_ids": [
                    Command.create(
                        {"class_id": (stakeholder_class or cls.producers).id, "date_from": date_from}
                    )
                ],
                **({"number": number} if number else {}),
                **vals,
            }
        )

    @classmethod
    def _create_deposit(cls, membership, amount, share_type=None, day=date(2025, 2, 1), **vals):
        return cls.env["kmp.share.operation"].create(
            {
                "membership_id": membership.id,
                "company_id": membership.company_id.id,
                "share_type_id": (share_type or cls.pokok).id,
                "date": day,
                "amount": amount,
                **vals,
            }
        )

    @classmethod
    def _create_entry(cls, account, partner, amount, day=date(2025, 3, 1), counterpart=None, **vals):
        """A draft entry that credits ``account``; the amount may be below zero."""
        return cls.env["account.move"].create(
            {
                "journal_id": cls.misc_journal.id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner and partner.id,
                            "balance": -amount,
                            "name": "item",
                        }
                    ),
                    Command.create(
                        {"account_id": (counterpart or cls.cash).id, "balance": amount, "name": "counterpart"}
                    ),
                ],
                **vals,
            }
        )

    def _ledger_balance(self, account, partner, date_to=date(2099, 12, 31)):
        """The oracle of the register: the items as the ORM reads them, added up in Python."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("partner_id", "=", partner.id),
                ("parent_state", "=", "posted"),
                ("date", "<=", date_to),
            ]
        )
        return round(sum(lines.mapped("credit")) - sum(lines.mapped("debit")), 2)
