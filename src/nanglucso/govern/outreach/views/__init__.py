"""Pages: reading, library, writing, registers, campaigns, people."""
