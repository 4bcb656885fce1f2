"""Reads out of the code of services which gRPC services they serve and which methods they call."""
