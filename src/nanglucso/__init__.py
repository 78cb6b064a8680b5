"""Năng Lực Số: one loop from position to proof of effect."""
