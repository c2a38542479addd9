"""Project: the files of one run, read once, searched in memory and parsed on demand, and evidence in files other than code."""
