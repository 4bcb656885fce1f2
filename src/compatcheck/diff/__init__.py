"""What differs between two schemas: pairs their elements and yields changes with their effects, no judgement."""
