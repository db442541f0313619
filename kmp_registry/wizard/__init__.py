from . import simkopdes_export, simkopdes_export_check, simkopdes_export_rows, statutory_wizard
