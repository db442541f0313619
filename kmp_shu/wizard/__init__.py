from . import patronage_import_wizard
from . import patronage_preview
from . import shu_payout_wizard
from . import shu_scheme_preset
from . import shu_simulation
from . import shu_simulation_compute
