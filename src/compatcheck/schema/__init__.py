"""Schemas: from the text of `.proto` files to a model that can be compared."""
