"""The stages between the topics: each says in its first lines what it reads, what state it keeps, what it writes."""
