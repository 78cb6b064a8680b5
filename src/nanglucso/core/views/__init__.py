"""Pages of the core room, a module a page."""
