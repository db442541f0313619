import base64
import io
from decimal import Decimal

import openpyxl
import xlsxwriter

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..import_rows import OPTIONAL, REQUIRED, Known, check_rows, read_csv
from ..models.membership import OFFICER

BATCH = 1000
# So many problems are listed; whoever has more mends these first.
SHOWN_PROBLEMS = 500


class MembershipImport(models.TransientModel):
    """Bring in members and what they have paid, from a spreadsheet: checked as a whole, imported as a whole or not at all."""

    _name = "kmp.membership.import"
    _description = "Import Members"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    template = fields.Binary(compute="_compute_template")
    template_name = fields.Char(compute="_compute_template")
    date = fields.Date("Opening Date", required=True, default=fields.Date.context_today, help="The day of the opening entry.")
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'general'), ('company_id', '=', company_id)]",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
    )
    account_id = fields.Many2one(
        "account.account",
        "Opening Account",
        check_company=True,
        help="The other side of the opening entry: where the capital stands in the books until now.",
    )
    state = fields.Selection([("draft", "File"), ("checked", "Checked"), ("done", "Imported")], default="draft")
    problems = fields.Text(readonly=True)
    problem_count = fields.Integer(readonly=True)
    member_count = fields.Integer("Members", readonly=True)
    capital_total = fields.Monetary("Opening Capital", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("company_id")
    def _compute_journal_id(self):
        for wizard in self:
            wizard.journal_id = wizard.company_id._get_share_journal()

    @api.depends("company_id")
    def _compute_template(self):
        for wizard in self:
            wizard.template = base64.b64encode(wizard._make_template())
            wizard.template_name = "members.xlsx"

    def action_download_template(self):
        self.ensure_one()
        self._check_officer()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template/{self.template_name}?download=true",
            "target": "self",
        }

    def action_check(self):
        """The dry run: list every problem by row, import nothing."""
        self.ensure_one()
        self._check_officer()
        members, problems = check_rows(self._read_file(), self._get_known())
        if not problems and any(member.capital for member in members):
            problems += self._check_opening()
        shown = [problem if isinstance(problem, str) else self._describe(problem) for problem in problems[:SHOWN_PROBLEMS]]
        self.write(
            {
                "state": "draft" if problems else "checked",
                "problems": "\n".join(shown),
                "problem_count": len(problems),
                "member_count": len(members),
                "capital_total": float(sum((sum(member.capital.values()) for member in members), Decimal())),
            }
        )
        return self._reopen()

    def action_import(self):
        """Import a checked file. It is checked again: the register may have changed since.

        :raise UserError: the file has problems
        """
        self.ensure_one()
        self._check_officer()
        members, problems = check_rows(self._read_file(), self._get_known())
        problems += self._check_opening() if any(member.capital for member in members) else []
        if problems or not members:
            raise UserError(self.env._("The file has problems. Check it, mend it and import it then. Nothing has been imported."))
        for start in range(0, len(members), BATCH):
            self._import_batch(members[start : start + BATCH])
        self.write({"state": "done", "problems": False, "member_count": len(members)})
        return self._reopen()

    def _check_officer(self):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may import members."))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import Members"),
        }

    # ---------------------------------------------------------------- file

    def _read_file(self):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        content = base64.b64decode(self.file)
        try:
            if (self.file_name or "").lower().endswith(".csv"):
                return read_csv(content)
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        except Exception as error:
            raise UserError(
                self.env._("%(name)s cannot be read: it must be a workbook (.xlsx) or a text file (.csv, UTF-8).", name=self.file_name)
            ) from error

    def _make_template(self):
        """A workbook with the headings, the codes of the company's own classes and share types, and one example."""
        known = self._get_known(with_taken=False)
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = book.add_worksheet("members")
            bold, day, text = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "@"})
            columns = [*REQUIRED, *OPTIONAL, *sorted(known.share_types)]
            for index, column in enumerate(columns):
                sheet.write(0, index, column, bold)
                style = {"date_start": day}.get(column) or (None if column in known.share_types else text)
                sheet.set_column(index, index, 18, style)
            if known.classes:
                codes = book.add_worksheet("codes")
                codes.write_column(0, 0, ["class", *sorted(known.classes)])
                codes.write_column(0, 1, ["share type", *sorted(known.share_types)])
                source = f"=codes!$A$2:$A${len(known.classes) + 1}"
                sheet.data_validation(1, 2, 100000, 2, {"validate": "list", "source": source})
            sheet.freeze_panes(1, 0)
        return buffer.getvalue()

    def _get_known(self, with_taken=True):
        codes = {
            model: frozenset(self.env[model].search([("company_id", "=", self.company_id.id)]).mapped("code"))
            for model in ("kmp.stakeholder.class", "kmp.share.type")
        }
        taken = []
        if with_taken:
            self.env["kmp.membership"].flush_model(["number", "national_id", "company_id"])
            query = SQL("SELECT number, national_id FROM kmp_membership WHERE company_id = %s", self.company_id.id)
            taken = self.env.execute_query(query)
        return Known(
            codes["kmp.stakeholder.class"],
            codes["kmp.share.type"],
            frozenset(number for number, _national_id in taken if number),
            frozenset(national_id for _number, national_id in taken if national_id),
        )

    def _check_opening(self):
        if not self.journal_id or not self.account_id:
            return [self.env._("The file holds opening capital: choose the journal and the account of the opening entry.")]
        # sudo: lock dates belong to accounting
        locks = self.company_id.sudo()._get_violated_lock_dates(self.date, False, self.journal_id)
        if locks:
            return [
                self.env._(
                    "The opening date lies in a locked period (%(locks)s).", locks=self.company_id._format_lock_dates(locks)
                )
            ]
        return []

    def _describe(self, problem):
        messages = {
            "missing_column": self.env._("the column is missing"),
            "unknown_column": self.env._("the column is neither a field nor the code of a share type"),
            "double_column": self.env._("the column appears twice"),
            "missing": self.env._("is empty"),
            "unknown_class": self.env._("is not the code of a class"),
            "unknown_kind": self.env._("is not one of person, cooperative, company"),
            "not_a_number": self.env._("cannot be a member number (up to 32 visible characters, no backslash)"),
            "not_a_national_id": self.env._("must have 16 digits"),
            "not_a_date": self.env._("is not a date (write 2025-12-31)"),
            "not_an_amount": self.env._("is not an amount of zero or more (write 1000000 or 1000000.50)"),
            "taken": self.env._("is in the register already"),
            "twice": self.env._("is twice in the file (first in the line in brackets)"),
        }
        return self.env._(
            "Line %(line)s, %(column)s: %(value)s %(problem)s",
            line=problem.line,
            column=problem.column,
            value=problem.value,
            problem=messages[problem.kind],
        ).replace("  ", " ")

    # ---------------------------------------------------------------- import

    def _import_batch(self, members):
        context = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_notrack": True}
        partners = self.env["res.partner"].with_context(**context).create([self._prepare_partner_vals(member) for member in members])
        classes = {record.code: record for record in self.env["kmp.stakeholder.class"].search([("company_id", "=", self.company_id.id)])}
        self.env["kmp.membership"].with_context(**context).create(
            [
                self._prepare_membership_vals(member, partner, classes[member.values["class"]])
                for member, partner in zip(members, partners)
            ]
        )
        self.env.flush_all()
        if any(member.capital for member in members):
            # sudo: as for deposits, an officer enters share capital without any other right in accounting
            move = self.env["account.move"].sudo().with_context(**context).create(self._prepare_opening_vals(members, partners))
            move._post(soft=False)
        self.env.invalidate_all()

    def _prepare_partner_vals(self, member):
        values = {name: member.values.get(name) or False for name in ("name", "email", "phone", "street", "city")}
        is_company = member.values.get("member_kind") in ("cooperative", "company")
        return {**values, "is_company": is_company, "company_id": False}

    def _prepare_membership_vals(self, member, partner, stakeholder_class):
        values = member.values
        return {
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "number": values["number"],
            "state": "active",
            "member_kind": values.get("member_kind") or "person",
            "date_application": values["date_start"],
            "date_start": values["date_start"],
            "national_id": values.get("national_id") or False,
            "period_ids": [Command.create({"class_id": stakeholder_class.id, "date_from": values["date_start"]})],
        }

    def _prepare_opening_vals(self, members, partners):
        accounts = {
            share_type.code: share_type.account_id
            for share_type in self.env["kmp.share.type"].search([("company_id", "=", self.company_id.id)])
        }
        label = self.env._("Opening capital of members")
        common = {"name": label, "currency_id": self.currency_id.id, "analytic_distribution": {}}
        lines = []
        for member, partner in zip(members, partners):
            for code, amount in member.capital.items():
                balance = -float(amount)
                lines.append(
                    {**common, "account_id": accounts[code].id, "partner_id": partner.id, "balance": balance, "amount_currency": balance}
                )
        total = float(sum((sum(member.capital.values()) for member in members), Decimal()))
        lines.append({**common, "account_id": self.account_id.id, "balance": total, "amount_currency": total})
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": self.date,
            "ref": label,
            "line_ids": [Command.create(line) for line in lines],
        }
