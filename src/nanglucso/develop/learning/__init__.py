"""Micro-lessons: writing, learning, the task at work."""
