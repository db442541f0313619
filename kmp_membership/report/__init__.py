from . import (
    document,
    document_xlsx,
    member_card,
    member_register,
    member_register_xlsx,
    officer_register,
    officer_register_xlsx,
    savings_book,
    savings_book_xlsx,
    share_certificate,
)
