"""Git repositories: finding one, asking it, and listing its revisions, its index and its work tree."""
