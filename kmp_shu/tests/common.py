"""A small co-operative with books of its own, built anew by each test class."""

import io

from odoo import Command
from odoo.tests import new_test_user
from odoo.tests.common import TransactionCase

ACCOUNTS = {
    "cash": ("101000", "asset_cash"),
    "savings": ("301000", "equity"),
    "undistributed": ("309000", "equity_unaffected"),
    "reserve": ("302000", "equity"),
    "education": ("205000", "liability_current"),
    "payable": ("206000", "liability_current"),
    "sales": ("401000", "income"),
    "interest": ("402000", "income_other"),
    "wages": ("501000", "expense"),
}


class CooperativeCase(TransactionCase):
    """`accountant` computes and posts, `officer` approves, `auditor` reads; each in `company`."""

    currency = "IDR"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls._create_company("Koperasi Uji")
        cls.accountant = cls._create_user("accountant", "kmp_shu.group_shu_accountant")
        cls.officer = cls._create_user("officer", "kmp_membership.group_officer")
        cls.auditor = cls._create_user("auditor", "kmp_membership.group_auditor")
        cls.env = cls.env["base"].with_company(cls.company).env
        cls._set_up_books()

    @classmethod
    def _create_company(cls, name):
        currency = (
            cls.env["res.currency"].with_context(active_test=False).search([("name", "=", cls.currency)])
        )
        currency.active = True
        return cls.env["res.company"].create({"name": name, "currency_id": currency.id})

    @classmethod
    def _create_user(cls, login, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            f"{login}_of_{company.id}",
            groups=group,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def _set_up_books(cls):
        cls.accounts = {
            key: cls.env["account.account"].create(
                {"name": key, "code": code, "account_type": kind, "company_ids": cls.company.ids}
            )
            for key, (code, kind) in ACCOUNTS.items()
        }
        cls.journal = cls.env["account.journal"].create(
            {"name": "SHU", "code": "SHU", "type": "general", "company_id": cls.company.id}
        )
        cls.company.write(
            {
                "shu_undistributed_account_id": cls.accounts["undistributed"].id,
                "shu_payable_account_id": cls.accounts["payable"].id,
                "shu_journal_id": cls.journal.id,
            }
        )
        cls.share_type = cls.env["kmp.share.type"].create(
            {
                "code": "POKOK",
                "name": "Simpanan pokok",
                "kind": "membership",
                "account_id": cls.accounts["savings"].id,
                "company_id": cls.company.id,
            }
        )
        cls.classes = {}

    @classmethod
    def _create_class(cls, code):
        cls.classes[code] = cls.env["kmp.stakeholder.class"].create(
            {"code": code, "name": f"Class {code}", "role": "other", "company_id": cls.company.id}
        )
        return cls.classes[code]

    @classmethod
    def _create_member(cls, number, class_code, since="2000-01-01", partner=None):
        partner = partner or cls.env["res.partner"].create({"name": f"Member {number}"})
        return cls.env["kmp.membership"].create(
            {
                "company_id": cls.company.id,
                "partner_id": partner.id,
                "number": number,
                "state": "active",
                "date_start": since,
                "period_ids": [Command.create({"class_id": cls.classes[class_code].id, "date_from": since})],
            }
        )

    @classmethod
    def _post(cls, date, *lines):
        """Post an entry of (account key, amount, partner); a positive amount is a debit."""
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "journal_id": cls.journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.accounts[key].id,
                            "debit": max(amount, 0),
                            "credit": max(-amount, 0),
                            "partner_id": partner.id if partner else False,
                        }
                    )
                    for key, amount, partner in lines
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay_in(cls, membership, date, amount):
        return cls._post(date, ("cash", amount, None), ("savings", -amount, membership.partner_id))

    @classmethod
    def _earn(cls, date, amount):
        return cls._post(date, ("cash", amount, None), ("sales", -amount, None))

    @classmethod
    def _create_basis(cls, code, **vals):
        return cls.env["kmp.patronage.basis"].create(
            {
                "code": code,
                "name": code,
                "source": "kmp.patronage.source.imported",
                "measure": "value",
                "company_id": cls.company.id,
                **vals,
            }
        )

    def _import(self, basis, text, name="business.csv", user=None):
        model = self.env["kmp.patronage.import"].with_user(user or self.accountant)
        stream = io.BytesIO(text.encode() if isinstance(text, str) else text)
        return model._import_file(stream, name, basis.with_user(user or self.accountant))

    @classmethod
    def _create_scheme(cls, *lines, **vals):
        """A scheme in force. `lines` are vals; `of` names the parent's code, `classes` the split."""
        scheme = cls.env["kmp.shu.scheme"].create(
            {
                "name": "By-laws",
                "company_id": cls.company.id,
                "date_from": "2000-01-01",
                **vals,
                "line_ids": [Command.create(cls._prepare_line(line)) for line in lines],
            }
        )
        by_code = {line.code: line for line in scheme.line_ids}
        for line in lines:
            by_code[line["code"]].parent_id = by_code.get(line.get("of"))
        return scheme

    @classmethod
    def _prepare_line(cls, line):
        vals = {"name": line["code"], **line}
        vals.pop("of", None)
        if vals["kind"] in ("reserve", "fund"):
            vals.setdefault(
                "account_id", cls.accounts["reserve" if vals["kind"] == "reserve" else "education"].id
            )
        vals["split_ids"] = [
            Command.create({"class_id": cls.classes[code].id, "percent": percent})
            for code, percent in vals.pop("classes", {}).items()
        ]
        return vals

    def _create_run(self, scheme, date_from="2025-01-01", date_to="2025-12-31", **vals):
        return (
            self.env["kmp.shu.run"]
            .with_user(self.accountant)
            .create({"scheme_id": scheme.id, "date_from": date_from, "date_to": date_to, **vals})
        )

    def _approve(self, run):
        run.write({"resolution": "07/RAT/2026"})
        run.with_user(self.officer).action_approve()

    def _sum(self, account, move):
        """Credit less debit of the move on an account."""
        lines = move.line_ids.filtered(lambda line: line.account_id == self.accounts[account])
        return sum(lines.mapped("credit")) - sum(lines.mapped("debit"))
