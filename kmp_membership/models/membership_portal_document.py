from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from .membership import MEMBER_STATES

# What a member prints alone: the report, and whether it is asked for by ``kmp.document.wizard``.
CARD = "member_card"
DOCUMENTS = ("savings_book", "share_certificate")


class Membership(models.Model):
    """Documents that members print themselves. The caller has made sure that the membership is the user's own (``_get_own``)."""

    _inherit = "kmp.membership"

    def _get_own_documents(self):
        """Which documents there are for this membership today: a subset of ``CARD`` and ``DOCUMENTS``."""
        self.ensure_one()
        documents = [CARD] if self.state in MEMBER_STATES else []
        if self.number:
            documents.append("savings_book")
            if self.paid_in_capital > 0:
                documents.append("share_certificate")
        return documents

    def _print_own(self, document):
        """A document of this one member as of today.

        :param document: see ``_get_own_documents``
        :return: (PDF, name of the file)
        :raise UserError: there is no such document for this member
        """
        self.ensure_one()
        if document not in self._get_own_documents():
            raise UserError(self.env._("There is no such document for this membership today."))
        # The reports check the rights of their user, which a member has not: they are asked as superuser for this record alone.
        member = self.with_user(SUPERUSER_ID).with_context(allowed_company_ids=self.company_id.ids)
        record = member if document == CARD else member._create_document_request(document)
        report = self.env.ref(f"kmp_membership.{document}_report").with_env(record.env)
        content, _type = report._render_qweb_pdf(report.report_name, record.ids)
        return content, f"{document.replace('_', '-')}-{self.number}.pdf"

    def _create_document_request(self, document):
        return self.env["kmp.document.wizard"].create(
            {
                "document": document,
                "company_id": self.company_id.id,
                "membership_ids": [fields.Command.set(self.ids)],
            }
        )

    def _get_bylaws_in_force(self):
        """The version of the by-laws that holds today; empty where none is recorded."""
        return self.company_id._get_bylaws_in_force()
