"""Policy that reaches people: a library in plain words, campaigns, and proof that what was sent was understood."""
