"""Rules judge changes: one documented function a rule, one file an element kind."""
