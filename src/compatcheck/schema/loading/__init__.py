"""From sources to compiled universes: roots, the plan of what to compile, and what could not be had."""
