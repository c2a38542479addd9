"""Files: which ones a run reads, how they are read, and how results are written."""
