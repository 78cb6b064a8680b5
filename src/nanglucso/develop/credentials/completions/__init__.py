"""Lists of completions elsewhere (national MOOC and others): read, shown, applied as evidence, undone."""
