"""What a reader sees of a story. Reads, never writes."""
