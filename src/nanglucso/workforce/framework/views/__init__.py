"""Pages of the framework room."""
