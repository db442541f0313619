from . import test_patronage_source_timesheet
