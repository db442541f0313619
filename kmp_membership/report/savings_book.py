import datetime
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, groupby

from .pages import paginate, row_height

# More books than this are a workbook.
PRINTED_BOOKS_LIMIT = 500
# Below the facts about the member.
FIRST_PAGE = 620
DAY_WIDTH, VOUCHER_WIDTH, DESCRIPTION_WIDTH = 8, 14, 22


class SavingsRow(NamedTuple):
    """One voucher of a member: what it added to each share type, together, and the holding after it."""

    membership_id: int
    number: str
    name: str
    date: datetime.date | None  # none: carried forward from before the first day of the book
    voucher: str | None
    description: str | None
    amounts: tuple[Decimal, ...]
    total: Decimal
    balance: Decimal


class SavingsBook(models.AbstractModel):
    """Buku Simpanan: what a member paid in and took out, voucher by voucher, read from the posted journal items.

    The last balance of a member is what the ledger holds for them at the end of the day. Query budget: two and one per 5,000 vouchers.
    """

    _name = "report.kmp_membership.savings_book"
    _description = "Buku Simpanan"
    _inherit = "kmp.document"

    _signing_posts = ("treasurer",)

    def _prepare_printed(self, request):
        share_types = self._get_share_types(request)
        return {
            "request": request,
            "company": request.company_id,
            "address": self._get_company_address(request.company_id),
            "share_types": share_types,
            "widths": self._get_widths(len(share_types)),
            "books": self._get_books(request, share_types),
        }

    def _get_widths(self, type_count):
        texts = (DAY_WIDTH, VOUCHER_WIDTH, DESCRIPTION_WIDTH)
        return [*texts, *[(100 - sum(texts)) / (type_count + 2)] * (type_count + 2)]

    def _get_books(self, request, share_types):
        """[(membership, pages of its rows, balance per share type, balance)] for the chosen members, also without any row."""
        members = request.membership_ids
        if not members:
            raise UserError(
                self.env._(
                    "Choose the members whose savings books are printed. The workbook can list all of them."
                )
            )
        if len(members) > PRINTED_BOOKS_LIMIT:
            raise UserError(
                self.env._(
                    "%(count)s savings books are too many for one print (up to %(limit)s). Choose the workbook.",
                    count=len(members),
                    limit=PRINTED_BOOKS_LIMIT,
                )
            )
        books = dict(groupby(self._iter_rows(request, share_types), lambda row: row.membership_id))
        return [self._prepare_book(member, books.get(member.id, []), len(share_types)) for member in members]

    def _prepare_book(self, member, rows, type_count):
        balances = [sum((row.amounts[place] for row in rows), Decimal()) for place in range(type_count)]
        pages = paginate(
            rows,
            lambda row: row_height([(row.voucher, VOUCHER_WIDTH), (row.description, DESCRIPTION_WIDTH)]),
            first_page=FIRST_PAGE,
        )
        return {
            "member": member,
            "pages": pages,
            "balances": balances,
            "balance": sum((row.total for row in rows), Decimal()),
        }

    def _iter_rows(self, request, share_types):
        query = self._get_book_query(request, share_types)
        for membership_id, number, name, day, voucher, description, *amounts in self._iter_query(
            query, f"savings_{request.id}"
        ):
            *by_type, total, balance = map(Decimal, amounts)
            yield SavingsRow(
                membership_id, number, name, day, voucher, description, tuple(by_type), total, balance
            )

    def _get_book_query(self, request, share_types) -> SQL:
        """One row per member and entry, with what its items say in their order; what was before the book is one row without a date."""
        return SQL(
            """
            SELECT book.membership_id, COALESCE(book.number, ''), partner.name, book.day, book.voucher,
                   (SELECT STRING_AGG(line.text, '; ' ORDER BY line.place) FROM (
                        SELECT item.text, MIN(item.place) AS place FROM UNNEST(book.descriptions) WITH ORDINALITY AS item(text, place)
                         GROUP BY item.text) line) AS description,
                   %(amounts)s book.total::text,
                   SUM(book.total) OVER (PARTITION BY book.membership_id ORDER BY book.day NULLS FIRST, book.move_id)::text
              FROM (
                SELECT item.membership_id, item.number, item.partner_id, item.day, item.move_id, MAX(item.voucher) AS voucher,
                       ARRAY_AGG(item.description ORDER BY item.id) AS descriptions, %(sums)s SUM(item.amount) AS total
                  FROM (%(items)s) item
                 GROUP BY item.membership_id, item.number, item.partner_id, item.day, item.move_id
              ) book
              JOIN res_partner partner ON partner.id = book.partner_id
             ORDER BY COALESCE(book.number, '') COLLATE "C", book.membership_id, book.day NULLS FIRST, book.move_id
            """,
            amounts=SQL().join(
                SQL("%s::text,", SQL.identifier("book", f"t{share_type.id}")) for share_type in share_types
            ),
            sums=SQL().join(
                SQL(
                    "COALESCE(SUM(item.amount) FILTER (WHERE item.share_type_id = %s), 0) AS %s,",
                    share_type.id,
                    SQL.identifier(f"t{share_type.id}"),
                )
                for share_type in share_types
            ),
            items=self._get_items_query(request, share_types),
        )

    def _get_items_query(self, request, share_types) -> SQL:
        is_listed = SQL("aml.date >= %s", request.date_from) if request.date_from else SQL("TRUE")
        return SQL(
            """
            SELECT aml.id, m.id AS membership_id, m.number, m.partner_id, t.id AS share_type_id, -aml.balance AS amount,
                   CASE WHEN %(listed)s THEN aml.date END AS day, CASE WHEN %(listed)s THEN aml.move_id END AS move_id,
                   CASE WHEN %(listed)s THEN aml.move_name END AS voucher, CASE WHEN %(listed)s THEN aml.name END AS description
              FROM account_move_line aml
              JOIN kmp_share_type t ON t.account_id = aml.account_id AND t.company_id = aml.company_id
              JOIN kmp_membership m ON m.partner_id = aml.partner_id AND m.company_id = aml.company_id
             WHERE t.id = ANY(%(types)s) AND aml.parent_state = 'posted' AND aml.date <= %(day)s
               AND (%(all_members)s OR m.id = ANY(%(members)s)) AND (%(all_classes)s OR m.class_id = ANY(%(classes)s))
            """,
            listed=is_listed,
            types=share_types.ids,
            day=request.date,
            all_members=not request.membership_ids,
            members=request.membership_ids.ids,
            all_classes=not request.class_ids,
            classes=request.class_ids.ids,
        )
