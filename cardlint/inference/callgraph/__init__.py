"""Who calls a function: call sites, callbacks, contexts of objects and closures, stores by key."""
