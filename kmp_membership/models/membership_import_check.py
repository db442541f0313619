import base64
import io
from decimal import Decimal

import xlsxwriter
from psycopg2.extras import Json

from odoo import fields, models
from odoo.tools import SQL, formatLang

from ..import_rows import Known, add_up, check_rows, find_doubles
from ..tools import unsealed

# So many problems are listed; whoever has more mends these first.
SHOWN_PROBLEMS = 500
# So many rows are kept by one statement.
KEPT_ROWS = 10_000


class MembershipImport(models.Model):
    """The dry run: what is wrong with the file, row by row, what is doubtful, and the control totals."""

    _inherit = "kmp.membership.import"

    def _check_file(self):
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
        self._keep_rows([] if problems else members)
        unsealed(self).write(
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

    def _keep_rows(self, members):
        """Replace the kept rows. One statement per 10,000."""
        rows = self.env["kmp.membership.import.row"]
        self.env.execute_query(
            SQL("DELETE FROM kmp_membership_import_row WHERE import_id = %s RETURNING id", self.id)
        )
        for start in range(0, len(members), KEPT_ROWS):
            part = members[start : start + KEPT_ROWS]
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO kmp_membership_import_row (import_id, step, line, values, capital)
                    SELECT %s, 'contact', kept.* FROM unnest(%s::int[], %s::jsonb[], %s::jsonb[]) AS kept(line, values, capital) RETURNING id
                    """,
                    self.id,
                    [member.line for member in part],
                    [
                        Json({name: str(value) for name, value in member.values.items() if value})
                        for member in part
                    ],
                    [Json({code: str(amount) for code, amount in member.capital.items()}) for member in part],
                )
            )
        rows.invalidate_model()
        self.invalidate_recordset(["row_ids"])

    # ---------------------------------------------------------------- what the company has

    def _get_known(self, with_taken=True):
        codes = {
            model: frozenset(self.env[model].search([("company_id", "=", self.company_id.id)]).mapped("code"))
            for model in ("kmp.stakeholder.class", "kmp.share.type")
        }
        taken = self._get_taken() if with_taken else []
        return Known(
            codes["kmp.stakeholder.class"],
            codes["kmp.share.type"],
            frozenset(number for number, _national_id in taken if number),
            frozenset(national_id for _number, national_id in taken if national_id),
            self._get_contacts() if with_taken else {},
            fields.Date.context_today(self),
            self.currency_id.decimal_places,
        )

    def _get_taken(self):
        """[(number, national id)] of the register. One query."""
        self.env["kmp.membership"].flush_model(["number", "national_id", "company_id"])
        return self.env.execute_query(
            SQL("SELECT number, national_id FROM kmp_membership WHERE company_id = %s", self.company_id.id)
        )

    def _get_contacts(self):
        """{contact key: who} of the members that the company has. One query."""
        rows = self.env["kmp.membership"]._get_contact_rows(self.company_id)
        return {key: who for key, _membership_id, who in rows}

    # ---------------------------------------------------------------- what stands in the way

    def _list_obstacles(self):
        """What has come in the way since the check: list of texts."""
        return self._check_opening() * bool(self.capital_total) + self._find_taken()

    def _find_taken(self):
        """Rows whose number or national id somebody has entered meanwhile. Query budget: one."""
        self.env["kmp.membership"].flush_model(["number", "national_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.line, c.name, c.value
                  FROM kmp_membership_import_row r
            CROSS JOIN LATERAL (VALUES ('number', r.values->>'number'), ('national_id', r.values->>'national_id')) AS c(name, value)
                  JOIN kmp_membership m ON m.company_id = %(company)s
                   AND ((c.name = 'number' AND m.number = c.value) OR (c.name = 'national_id' AND m.national_id = c.value))
                 WHERE r.import_id = %(import)s ORDER BY r.line LIMIT %(limit)s
                """,
                **{"company": self.company_id.id, "import": self.id, "limit": SHOWN_PROBLEMS},
            )
        )
        return [
            self.env._(
                "Line %(line)s, %(column)s: %(value)s is in the register already",
                line=line,
                column=column,
                value=value,
            )
            for line, column, value in rows
        ]

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

    # ---------------------------------------------------------------- what the user reads

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
                "%(class)s: members %(members)s, former %(former)s",
                **{"class": code, "members": counts[0], "former": counts[1]},
            )
            for code, counts in sorted(classes.items(), key=lambda item: item[0] or "")
        ]
        return "\n".join(
            [
                *lines,
                *(
                    f"{code}: {formatLang(self.env, float(capital[code]), currency_obj=self.currency_id)}"
                    for code in sorted(capital)
                ),
            ]
        )

    def _make_report(self, problems, warnings):
        """All remarks as a workbook. Texts of the file are written as texts, whatever they begin with."""
        if not problems and not warnings:
            return False
        remarks = [(self.env._("Problem"), problem) for problem in problems]
        remarks += [(self.env._("Warning"), warning) for warning in warnings]
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
            for row, (kind, problem) in enumerate(remarks, start=1):
                sheet.write_string(row, 0, kind)
                sheet.write_string(row, 1, self._describe(problem))
        return base64.b64encode(buffer.getvalue())

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
