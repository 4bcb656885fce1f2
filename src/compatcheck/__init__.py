"""compatcheck: which versions of protobuf and gRPC services cannot talk to each other."""
