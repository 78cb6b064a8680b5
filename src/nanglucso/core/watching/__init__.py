"""Seeing how the system is: figures, log lines, incidents."""
