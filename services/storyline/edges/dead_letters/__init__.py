"""Dead letters read, shown and sent again. In: the topics X.dlq. Out: the topic a letter came from. State: none."""
