"""Each language: its syntax reduced to the values of `code`, and how code generated for it names things."""
