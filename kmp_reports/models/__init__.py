from . import coop_figures, coop_figures_ledger, coop_figures_members, coop_figures_surplus, ir_actions_report
