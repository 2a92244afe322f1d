"""What is learned is made here again: the word vectors (`vectors`) and the weights of the scorer (`scorer`)."""
