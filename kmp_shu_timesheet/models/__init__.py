from . import patronage_source_timesheet
