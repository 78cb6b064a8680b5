"""Pages of the training room, a module a subject."""
