"""A small co-operative with books of its own, built anew by each test class."""

import io

from odoo import Command

from odoo.addons.kmp_membership.tests.common import MembershipCase

ACCOUNTS = {
    "undistributed": ("309000", "equity_unaffected"),
    "reserve": ("302000", "equity"),
    "education": ("205000", "liability_current"),
    "payable": ("206000", "liability_current"),
    "sales": ("401000", "income"),
    "interest": ("402000", "income_other"),
    "wages": ("501000", "expense"),
}


class CooperativeCase(MembershipCase):
    """`accountant` computes and posts, `officer` approves, `auditor` reads; each in `company`. Classes are made by each test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._create_user("shu_accountant", "kmp_shu.group_shu_accountant")
        cls._set_up_accounts()
        cls.share_type = cls.pokok

    @classmethod
    def _set_up_classes(cls):
        cls.classes = {}

    @classmethod
    def _set_up_accounts(cls):
        cls.accounts = {
            "cash": cls.cash,
            "savings": cls.pokok_account,
            **{key: cls._create_account(code, key, kind) for key, (code, kind) in ACCOUNTS.items()},
        }
        cls.journal = cls.misc_journal
        cls.company.write(
            {
                "shu_undistributed_account_id": cls.accounts["undistributed"].id,
                "shu_payable_account_id": cls.accounts["payable"].id,
                "shu_journal_id": cls.journal.id,
            }
        )

    @classmethod
    def _create_class(cls, code):
        cls.classes[code] = cls.env["kmp.stakeholder.class"].create(
            {"code": code, "name": f"Class {code}", "role": "other", "company_id": cls.company.id}
        )
        return cls.classes[code]

    @classmethod
    def _create_member(cls, number, class_code, since="2000-01-01", partner=None):
        return super()._create_member(f"Member {number}", number, cls.classes[class_code], since, partner)

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
        """A run whose only warning, that no income tax is set up, is acknowledged."""
        run = (
            self.env["kmp.shu.run"]
            .with_user(self.accountant)
            .create({"scheme_id": scheme.id, "date_from": date_from, "date_to": date_to, **vals})
        )
        self._acknowledge(run, "tax_unset")
        return run

    def _acknowledge(self, run, *kinds):
        """Bring the run's warnings up to date and acknowledge those of `kinds`."""
        warnings = run._update_warnings()
        warnings.filtered(lambda warning: warning.kind in kinds).write({"reason": "The treasurer knows"})

    def _approve(self, run):
        run.write({"resolution": "07/RAT/2026"})
        run.with_user(self.officer).action_approve()

    def _sum(self, account, move):
        """Credit less debit of the move on an account."""
        lines = move.line_ids.filtered(lambda line: line.account_id == self.accounts[account])
        return sum(lines.mapped("credit")) - sum(lines.mapped("debit"))
