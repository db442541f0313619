from . import membership_step_wizard, share_operation_reversal
