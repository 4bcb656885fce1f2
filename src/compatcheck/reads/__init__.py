"""What a reader makes of what a writer wrote: one module a surface, tables and pure functions."""
