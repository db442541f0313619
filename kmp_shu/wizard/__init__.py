from . import patronage_import_wizard
from . import patronage_preview
from . import shu_payout_wizard
