from . import (
    test_audit,
    test_bundle,
    test_ledger,
    test_sample,
    test_tie_out,
)
