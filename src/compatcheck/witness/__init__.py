"""Witnesses: messages that show a finding happening in the real protobuf runtime."""
