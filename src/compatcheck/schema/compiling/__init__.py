"""From texts to descriptors: protoc in a child process, and what a text or a descriptor tells without it."""
