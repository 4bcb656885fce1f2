"""What to compare with what: the sides that a user names, the bases that CI and history suggest."""
