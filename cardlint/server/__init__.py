"""The language server: the same findings while one writes, with what a metric costs under the cursor.

`analysis` knows nothing of the protocol, `translate` turns its answers into messages, `app` is the server itself.
"""
