import base64
import io
from decimal import Decimal

import openpyxl
import xlsxwriter

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, formatLang

from ..import_rows import (
    DATES,
    OPTIONAL,
    REQUIRED,
    Known,
    add_up,
    check_rows,
    contact_key,
    find_doubles,
    read_csv,
)
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
    date = fields.Date(
        "Opening Date", required=True, default=fields.Date.context_today, help="The day of the opening entry."
    )
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
    state = fields.Selection(
        [("draft", "File"), ("checked", "Checked"), ("done", "Imported")], default="draft"
    )
    problems = fields.Text(readonly=True)
    problem_count = fields.Integer(readonly=True)
    warnings = fields.Text(readonly=True, help="They do not stop the import.")
    warning_count = fields.Integer(readonly=True)
    totals = fields.Text("Control Totals", readonly=True)
    report = fields.Binary("All Remarks", readonly=True, attachment=False)
    report_name = fields.Char(readonly=True)
    csv_template = fields.Binary("Template as CSV", compute="_compute_template")
    csv_template_name = fields.Char(compute="_compute_template")
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
            wizard.csv_template = base64.b64encode(
                (",".join(wizard._get_columns()) + "\r\n").encode("utf-8-sig")
            )
            wizard.csv_template_name = "members.csv"

    def action_download_template(self):
        return self._download("template", self.template_name)

    def action_download_csv_template(self):
        return self._download("csv_template", self.csv_template_name)

    def _download(self, field, name):
        self.ensure_one()
        self._check_officer()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{field}/{name}?download=true",
            "target": "self",
        }

    def action_check(self):
        """The dry run: list every problem by row, import nothing."""
        self.ensure_one()
        self._check_officer()
        known = self._get_known()
        members, problems = check_rows(self._read_file(), known)
        warnings = [
            *(warning for member in members for warning in member.warnings),
            *find_doubles(members, known),
        ]
        if not members and not problems:
            problems.append(self.env._("The file holds no member."))
        if not problems and any(member.capital for member in members):
            problems += self._check_opening()
        self.write(
            {
                "state": "draft" if problems else "checked",
                "problems": self._list(problems),
                "problem_count": len(problems),
                "warnings": self._list(warnings),
                "warning_count": len(warnings),
                "totals": self._describe_totals(members),
                "report": self._make_report(problems, warnings),
                "report_name": "remarks.xlsx",
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
            raise UserError(
                self.env._(
                    "The file has problems. Check it, mend it and import it then. Nothing has been imported."
                )
            )
        for start in range(0, len(members), BATCH):
            self._import_batch(members[start : start + BATCH])
        self.write({"state": "done", "problems": False, "member_count": len(members)})
        return self._reopen()

    def _check_officer(self):
        if not self.env.user.has_group(OFFICER):
            raise AccessError(self.env._("Only an officer of the co-operative may import members."))
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "You may not import members of %s. Switch to that company first.",
                    self.company_id.sudo().name,
                )
            )

    def _list(self, problems):
        lines = [self._describe(problem) for problem in problems[:SHOWN_PROBLEMS]]
        if len(problems) > SHOWN_PROBLEMS:
            lines.append(
                self.env._("... and %s more: see the list of all remarks.", len(problems) - SHOWN_PROBLEMS)
            )
        return "\n".join(lines)

    def _describe_totals(self, members):
        classes, capital = add_up(members)
        lines = [
            self.env._(
                "%(class)s: %(members)s members, %(former)s former",
                **{"class": code, "members": counts[0], "former": counts[1]},
            )
            for code, counts in sorted(classes.items(), key=lambda item: item[0] or "")
        ]
        amounts = [(code, capital[code]) for code in sorted(capital)]
        return "\n".join(
            [
                *lines,
                *(
                    f"{code}: {formatLang(self.env, float(amount), currency_obj=self.currency_id)}"
                    for code, amount in amounts
                ),
            ]
        )

    def _make_report(self, problems, warnings):
        """All remarks as a workbook. Texts of the file are written as texts, whatever they begin with."""
        if not problems and not warnings:
            return False
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(
            buffer, {"constant_memory": True, "in_memory": True, "strings_to_formulas": False}
        ) as book:
            sheet = book.add_worksheet("remarks")
            bold = book.add_format({"bold": True})
            sheet.set_column(0, 0, 12)
            sheet.set_column(1, 1, 110)
            for column, text in enumerate((self.env._("Kind"), self.env._("Remark"))):
                sheet.write_string(0, column, text, bold)
            remarks = [(self.env._("Problem"), problem) for problem in problems]
            remarks += [(self.env._("Warning"), warning) for warning in warnings]
            for row, (kind, problem) in enumerate(remarks, start=1):
                sheet.write_string(row, 0, kind)
                sheet.write_string(row, 1, self._describe(problem))
        return base64.b64encode(buffer.getvalue())

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
                self.env._(
                    "%(name)s cannot be read: it must be a workbook (.xlsx) or a text file (.csv, UTF-8).",
                    name=self.file_name,
                )
            ) from error

    def _make_template(self):
        """A workbook with the headings, the codes of the company's own classes and share types, and one example."""
        known = self._get_known(with_taken=False)
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            sheet = book.add_worksheet("members")
            bold, day, text = (
                book.add_format({"bold": True}),
                book.add_format({"num_format": "yyyy-mm-dd"}),
                book.add_format({"num_format": "@"}),
            )
            columns = self._get_columns()
            for index, column in enumerate(columns):
                sheet.write(0, index, column, bold)
                style = day if column in DATES else None if column in known.share_types else text
                sheet.set_column(index, index, 18, style)
            if known.classes:
                codes = book.add_worksheet("codes")
                codes.write_column(0, 0, ["class", *sorted(known.classes)])
                codes.write_column(0, 1, ["share type", *sorted(known.share_types)])
                source = f"=codes!$A$2:$A${len(known.classes) + 1}"
                sheet.data_validation(1, 2, 100000, 2, {"validate": "list", "source": source})
            sheet.freeze_panes(1, 0)
        return buffer.getvalue()

    def _get_columns(self):
        return [*REQUIRED, *OPTIONAL, *sorted(self._get_known(with_taken=False).share_types)]

    def _get_contacts(self):
        """{contact key: who} of the members that the company has. One query."""
        self.env["res.partner"].flush_model(["email", "phone", "name"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.email, partner.phone, CONCAT_WS(' ', m.number, partner.name)
                  FROM kmp_membership m JOIN res_partner partner ON partner.id = m.partner_id
                 WHERE m.company_id = %s AND (partner.email IS NOT NULL OR partner.phone IS NOT NULL)
                """,
                self.company_id.id,
            )
        )
        contacts = {}
        for email, phone, who in rows:
            contacts |= {
                contact_key(column, value): who
                for column, value in (("email", email), ("phone", phone))
                if value
            }
        return contacts

    def _get_known(self, with_taken=True):
        codes = {
            model: frozenset(self.env[model].search([("company_id", "=", self.company_id.id)]).mapped("code"))
            for model in ("kmp.stakeholder.class", "kmp.share.type")
        }
        taken = []
        if with_taken:
            self.env["kmp.membership"].flush_model(["number", "national_id", "company_id"])
            query = SQL(
                "SELECT number, national_id FROM kmp_membership WHERE company_id = %s", self.company_id.id
            )
            taken = self.env.execute_query(query)
        return Known(
            codes["kmp.stakeholder.class"],
            codes["kmp.share.type"],
            frozenset(number for number, _national_id in taken if number),
            frozenset(national_id for _number, national_id in taken if national_id),
            self._get_contacts() if with_taken else {},
            fields.Date.context_today(self),
            self.currency_id.decimal_places,
        )

    def _check_opening(self):
        if not self.journal_id or not self.account_id:
            return [
                self.env._(
                    "The file holds opening capital: choose the journal and the account of the opening entry."
                )
            ]
        share_types = self.env["kmp.share.type"].with_context(active_test=False)
        if share_types.search_count(
            [("company_id", "=", self.company_id.id), ("account_id", "=", self.account_id.id)]
        ):
            return [
                self.env._(
                    "%(account)s is the account of a share type. Choose the account on which the capital stood until now.",
                    account=self.account_id.display_name,
                )
            ]
        # sudo: lock dates belong to accounting
        locks = self.company_id.sudo()._get_violated_lock_dates(
            self.date, has_tax=False, journal=self.journal_id
        )
        if locks:
            return [
                self.env._(
                    "The opening date lies in a locked period (%(locks)s).",
                    locks=self.company_id._format_lock_dates(locks),
                )
            ]
        return []

    def _describe(self, problem):
        if isinstance(problem, str):
            return problem
        messages = {
            "missing_column": self.env._("the column is missing"),
            "unknown_column": self.env._("the column is neither a field nor the code of a share type"),
            "double_column": self.env._("the column appears twice"),
            "missing": self.env._("is empty"),
            "unknown_class": self.env._("is not the code of a class"),
            "unknown_kind": self.env._("is not one of person, cooperative, company"),
            "not_a_number": self.env._(
                "cannot be a member number (up to 32 visible characters, no backslash)"
            ),
            "not_a_national_id": self.env._("must have 16 digits"),
            "not_a_date": self.env._("is not a date (write 2025-12-31)"),
            "not_an_amount": self.env._("is not an amount of zero or more (write 1000000 or 1000000.50)"),
            "too_many_decimals": self.env._("has more decimals than the currency"),
            "too_large": self.env._("has more than 15 digits"),
            "unknown_sex": self.env._("is not one of male, female, L, P"),
            "unknown_reason": self.env._("is not one of resigned, expelled, deceased"),
            "in_future": self.env._("lies in the future"),
            "before_start": self.env._("lies before the membership began"),
            "after_start": self.env._("lies after the membership began"),
            "no_reason": self.env._("needs a reason in left_reason"),
            "no_end": self.env._("needs the day in date_end"),
            "maybe_double": self.env._(
                "may be the same person (in brackets the member, or the line of the file)"
            ),
            "number_not_text": self.env._(
                "came as a number, of which a spreadsheet keeps 15 digits: compare the last one"
            ),
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
        context = {
            "tracking_disable": True,
            "mail_create_nosubscribe": True,
            "mail_create_nolog": True,
            "mail_notrack": True,
        }
        partners = (
            self.env["res.partner"]
            .with_context(**context)
            .create([self._prepare_partner_vals(member) for member in members])
        )
        classes = {
            record.code: record
            for record in self.env["kmp.stakeholder.class"].search([("company_id", "=", self.company_id.id)])
        }
        self.env["kmp.membership"].with_context(**context).create(
            [
                self._prepare_membership_vals(member, partner, classes[member.values["class"]])
                for member, partner in zip(members, partners, strict=True)
            ]
        )
        self.env.flush_all()
        if any(member.capital for member in members):
            # sudo: as for deposits, an officer enters share capital without any other right in accounting
            move = (
                self.env["account.move"]
                .sudo()
                .with_context(**context)
                .create(self._prepare_opening_vals(members, partners))
            )
            move._post(soft=False)
        self.env.invalidate_all()

    def _prepare_partner_vals(self, member):
        values = {
            name: member.values.get(name) or False for name in ("name", "email", "phone", "street", "city")
        }
        is_company = member.values.get("member_kind") in ("cooperative", "company")
        return {**values, "is_company": is_company, "company_id": False}

    def _prepare_membership_vals(self, member, partner, stakeholder_class):
        values = member.values
        date_end = values.get("date_end") or False
        return {
            "company_id": self.company_id.id,
            "partner_id": partner.id,
            "number": values["number"],
            "state": "left" if date_end else "active",
            "date_end": date_end,
            "left_reason": values.get("left_reason") or False,
            "member_kind": values.get("member_kind") or "person",
            "date_application": values["date_start"],
            "date_start": values["date_start"],
            **{
                name: values.get(name) or False
                for name in ("national_id", "birth_place", "birth_date", "sex", "occupation")
            },
            "period_ids": [
                Command.create(
                    {"class_id": stakeholder_class.id, "date_from": values["date_start"], "date_to": date_end}
                )
            ],
        }

    def _prepare_opening_vals(self, members, partners):
        accounts = {
            share_type.code: share_type.account_id
            for share_type in self.env["kmp.share.type"].search([("company_id", "=", self.company_id.id)])
        }
        label = self.env._("Opening capital of members")
        common = {"name": label, "currency_id": self.currency_id.id, "analytic_distribution": {}}
        lines = []
        for member, partner in zip(members, partners, strict=True):
            for code, amount in member.capital.items():
                balance = -float(amount)
                lines.append(
                    {
                        **common,
                        "account_id": accounts[code].id,
                        "partner_id": partner.id,
                        "balance": balance,
                        "amount_currency": balance,
                    }
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
