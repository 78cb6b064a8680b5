"""Pages of the gap room."""
