"""Knowledge files, checked, compiled into one read-only SQLite file, and read back as records."""
