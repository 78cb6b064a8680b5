"""What attackers try: hostile files at every door, formulas in exports, guessing at the log-in, meddling with the log."""
