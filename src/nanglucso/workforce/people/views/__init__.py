"""Pages of the people room, a module a subject."""
