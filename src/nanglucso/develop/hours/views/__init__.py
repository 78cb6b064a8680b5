"""Pages of the yearly duty."""
