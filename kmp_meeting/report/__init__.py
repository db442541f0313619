from . import meeting_document  # what the others inherit
from . import attendance_list, indonesian, minutes
