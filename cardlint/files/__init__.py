"""Files: discovery, opening and writing of files, and git.

The analysed code is not trusted: nothing in this package starts a program that the checkout can choose, and nothing waits
without end for a file of the checkout.
"""
