"""What `nanglucso check` looks for: every function returns its faults, one sentence each with what to do."""
