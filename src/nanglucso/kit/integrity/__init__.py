"""Signed JSON: W3C Data Integrity proofs with Ed25519, key names, and bit lists of revoked credentials. No network."""
