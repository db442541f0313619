from . import (
    shu_distribution,
    shu_distribution_ledger,
    shu_distribution_print,
    shu_distribution_xlsx,
)
