from . import patronage_import_wizard
