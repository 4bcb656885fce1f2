"""What each command does, without how it is asked or how the answer is shown."""
