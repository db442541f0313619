from . import (
    account_merge_wizard,
    contribution_cancel,
    contribution_payment,
    document_wizard,
    membership_step_wizard,
    partner_merge,
    setup_assistant,
    setup_assistant_account,
    setup_assistant_dues,
    setup_assistant_share,
    share_operation_payment,
    share_operation_reversal,
)
