"""The language server: the same findings in an editor, and the cost of a metric as a hover.

`analysis` is independent of the protocol, `translate` turns its answers into messages, `app` is the server itself.
"""
