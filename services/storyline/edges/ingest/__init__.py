"""Files onto the topic `articles`. In: lines of a file. Out: one record an article, confirmed. State: none."""
