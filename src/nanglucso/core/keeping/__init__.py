"""Copies of the whole installation: taking, proving, keeping, bringing back."""
