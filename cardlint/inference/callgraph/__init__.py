"""The call graph: call sites, callbacks, contexts of objects and closures, stores by key."""
