"""One file a format: functions from a result to a string, which print nothing and read no environment."""
