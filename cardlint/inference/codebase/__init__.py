"""The analysed code: files, modules, stores and pure functions of terms."""
