from . import attendance_list, indonesian, minutes
