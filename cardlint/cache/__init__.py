"""Cache: what earlier runs have found out, kept so that only this user's own runs can have written it."""
