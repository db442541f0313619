from . import (
    account_merge_wizard,
    contribution_cancel,
    contribution_payment,
    document_wizard,
    membership_import,
    membership_step_wizard,
    partner_merge,
    setup_assistant,
    share_operation_payment,
    share_operation_reversal,
)
