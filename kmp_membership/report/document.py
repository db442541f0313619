import base64

from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..models.membership import OFFICER
from ..tools import in_indonesian
from . import indonesian
from .posts import POSTS

FETCH_SIZE = 5_000
QR_SIZE = 100


class KmpDocument(models.AbstractModel):
    """What the documents of the co-operative share: who may print them, and rows that do not fill the memory.

    A document is asked for by ``kmp.document.wizard``, its values come from ``report.kmp_membership.<document>`` and are rendered by
    a QWeb template of that name or by the ``_xlsx`` model beside it. Its text is Indonesian whatever the user's language, because it
    is a statutory document.
    """

    _name = "kmp.document"
    _description = "Document of the Co-operative"

    _signing_posts = ("secretary", "chair")

    @api.model
    def _get_report_values(self, docids, data=None):
        requests = self._get_requests(docids)
        return {
            "doc_ids": requests.ids,
            "doc_model": requests._name,
            "docs": requests,
            "documents": [self._prepare_printed(request) for request in requests],
            "signers_of": {
                company: self._get_signers(company, self._signing_posts) for company in requests.company_id
            },
            "text": indonesian.TEXT,
        }

    def _prepare_printed(self, request):
        """The values of the template for one request."""
        raise NotImplementedError

    @api.model
    def _get_signers(self, company, posts):
        """Who signs: pairs of a post of the board and the name of who holds it today, when the document is signed."""
        in_office = self.env["kmp.officer"]._get_in_office(company)
        return [(POSTS[post], in_office._get_holder_name("board", post)) for post in posts]

    @api.model
    def _get_requests(self, docids):
        """The wizards with these ids, with the rights of the user.

        :raise AccessError: the user may not read members, or not in that company
        """
        # A report may be reached with sudo: the rights that count are those of the user.
        requests = self.env["kmp.document.wizard"].sudo(flag=False).browse(docids or []).exists()
        if not requests:
            raise UserError(
                self.env._("Open the document from its menu and choose the day it is drawn up for.")
            )
        requests.check_access("read")
        self._check_readable(requests.company_id)
        # Odoo leaves records of another company out of a list without a word: nobody chosen would then mean everybody.
        requests.sudo().membership_ids.sudo(flag=False).check_access("read")
        requests.sudo().class_ids.sudo(flag=False).check_access("read")
        for request in requests:
            request._check_members_of_company()
        # What the documents read by SQL must be in the database.
        self.env.flush_all()
        return requests

    @api.model
    def _check_readable(self, companies):
        self.env["kmp.membership"].sudo(flag=False).check_access("read")
        forbidden = companies - self.env["kmp.document.wizard"].sudo(flag=False).env.companies
        if forbidden:
            raise AccessError(
                self.env._(
                    "You may not print documents of %s. Switch to that company first.",
                    ", ".join(forbidden.sudo().mapped("name")),
                )
            )

    @api.model
    def _sees_personal_data(self):
        """National id and personal data go into a document only for who may see them on the screen."""
        return self.env.user.has_group(OFFICER)

    @api.model
    def _get_share_types(self, request):
        """The share types of the company in their order, archived ones where something was posted on them."""
        # sudo: names of share types, for whoever may read the members of the company (checked in _get_requests)
        share_types = in_indonesian(self.env["kmp.share.type"].sudo().with_context(active_test=False))
        share_types = share_types.search([("company_id", "=", request.company_id.id)])
        used = self.env.execute_query(
            SQL(
                """
                SELECT t.id FROM kmp_share_type t
                 WHERE t.id = ANY(%s) AND EXISTS (
                       SELECT FROM account_move_line aml
                        WHERE aml.account_id = t.account_id AND aml.company_id = t.company_id AND aml.parent_state = 'posted'
                          AND aml.date <= %s)
                """,
                share_types.filtered(lambda share_type: not share_type.active).ids,
                request.date,
            )
        )
        return share_types.filtered(lambda share_type: share_type.active or (share_type.id,) in used)

    @api.model
    def _iter_query(self, query: SQL, name):
        """The rows of a query, fetched from the server in batches, so that memory does not grow with their number."""
        cursor = SQL.identifier(f"kmp_document_{name}")
        self.env.execute_query(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", cursor, query))
        while rows := self.env.execute_query(SQL("FETCH %s FROM %s", FETCH_SIZE, cursor)):
            yield from rows
        self.env.execute_query(SQL("CLOSE %s", cursor))

    @api.model
    def _get_company_address(self, company):
        return ", ".join(filter(None, (company.street, company.city)))

    @api.model
    def _get_qr_code(self, text):
        """A QR code as the source of an image.

        Drawn by the library of Odoo's barcode service, but as vectors: it prints sharp, and needs no library that draws pixels.
        """
        drawing = createBarcodeDrawing(
            "QR", value=text, barLevel="M", barBorder=0, width=QR_SIZE, height=QR_SIZE
        )
        svg = drawing.asString("svg")
        return f"data:image/svg+xml;base64,{base64.b64encode(svg[svg.index('<svg') :].encode()).decode()}"
