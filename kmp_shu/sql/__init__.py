"""The rules of the surplus as set-based SQL; each file has its twin in `engine/`."""
