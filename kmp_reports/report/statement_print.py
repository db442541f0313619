from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.kmp_membership.report import indonesian

# The officer who signs: label, body and post in the register of officers.
SIGNERS = (
    ("Bendahara", "board", "treasurer"),
    ("Ketua", "board", "chair"),
    ("Pengawas", "supervisors", "chair"),
)


class Trouble(NamedTuple):
    """Differences in rupiah, and the accounts to look at: {account: balance}."""

    differences: list
    accounts: dict


class StatementPrint(models.AbstractModel):
    """The statements in print, one to a page, in Indonesian: titles, periods, amounts, who signs.

    What is wrong with them stands under the statement that it concerns, with the accounts.
    """

    _name = "report.kmp_reports.statement"
    _description = "Statements, print"

    @api.model
    def _get_report_values(self, docids, data=None):
        requests = self._get_requests(docids)
        return {
            "doc_ids": requests.ids,
            "doc_model": requests._name,
            "docs": requests,
            "documents": [self._prepare_printed(request) for request in requests],
            "number": indonesian.number,
            "money": indonesian.money,
        }

    @api.model
    def _get_requests(self, docids):
        """The wizards with these ids. Raises UserError without any; each checks who may read."""
        # A report may be reached with sudo: the rights that count are those of the user.
        requests = self.env["kmp.statement.wizard"].sudo(flag=False).browse(docids or []).exists()
        if not requests:
            raise UserError(self.env._("Open the statements from their menu and choose the period."))
        requests.check_access("read")
        return requests

    def _prepare_printed(self, request):
        return {
            "company": request.company_id,
            "currency": request.company_id.currency_id,
            "statements": request._get_statements().values(),
            "problems": self._get_problems(request),
            "signers": self._get_signers(request.company_id, request.date_to),
        }

    @api.model
    def _get_problems(self, request):
        """{kind: `Trouble` of that statement}"""
        statements = self.env["kmp.statement"].sudo(flag=False)
        found = {}
        for problem in statements._check(request.company_id, request.date_from, request.date_to):
            trouble = found.setdefault(problem.kind, Trouble([], {}))
            trouble.accounts.update(problem.accounts)
            if problem.difference:
                trouble.differences.append(problem.difference)
        return found

    @api.model
    def _get_signers(self, company, day):
        """[(label, name or "")] of those in office on a day."""
        # sudo: the names of those who sign are part of the document
        officers = (
            self.env["kmp.officer"]
            .sudo()
            .search([("company_id", "=", company.id), ("date_from", "<=", day), ("date_to", ">=", day)])
        )
        names = {(officer.body, officer.post): officer.membership_id.partner_id.name for officer in officers}
        return [(label, names.get((body, post), "")) for label, body, post in SIGNERS]

    @api.model
    def _get_page_label(self, requests):
        """What stands at the foot of each page."""
        return f"{requests.company_id.name}  {requests.file_name}" if len(requests) == 1 else ""
