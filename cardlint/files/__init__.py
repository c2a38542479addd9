"""Files: which files a run looks at, how they are opened, what git says of them, and how results are written.

The analysed tree is a stranger's: nothing in this package starts a program that the tree can choose, and nothing waits for
what the tree can keep from ever coming.
"""
