"""Pages of planning: scenarios, acts on them, classes, comparison, catalogue, means."""
