"""Project: the files of one run, read once, searched in memory and parsed on demand; and what the files around the code say."""
