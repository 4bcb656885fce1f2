"""The command line: the only layer that prints, and that reads the clock, the environment and the terminal."""
