from . import (
    coop_figures,
    coop_figures_ledger,
    coop_figures_members,
    coop_figures_surplus,
    funding,
    funding_ledger,
    ir_actions_report,
)
