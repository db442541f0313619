from . import (
    test_coop_figures,
    test_indonesian,
    test_rat_pack,
    test_shu_distribution,
    test_shu_distribution_pdf,
    test_shu_distribution_xlsx,
    test_statement,
    test_statement_documents,
    test_statutory,
)
