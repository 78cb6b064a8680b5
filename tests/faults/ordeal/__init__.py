"""Forty sitters under random faults for ten minutes, and checks that must fail where the setting is weakened."""
