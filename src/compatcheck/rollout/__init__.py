"""Services, their versions, what is live, and which of it can talk. The only layer that uses networkx."""
