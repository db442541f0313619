from . import contribution_line, membership, payment_transaction
