"""Cache: results of earlier runs, protected so that only this user's own runs can have written them."""
