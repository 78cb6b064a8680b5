"""A rehearsal of exam day: made-up people sit a test of their own, over the real address."""
