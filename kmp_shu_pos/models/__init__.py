from . import patronage_source
from . import patronage_source_pos
from . import shu_run_warning
