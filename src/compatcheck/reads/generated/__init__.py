"""The surface `generated`: what code that was written for the old schema meets when it is compiled again."""
