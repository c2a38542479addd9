"""Clients: one file for each service, which calls the bad and the good one alike and returns what `/metrics` then says.

`drive(app, count)` gets the module of the service. It calls it as `count` users with `count` paths, with routes and, where the
client can send them, methods that do not exist. It may be called again with more: then it calls with all of them again.
"""
