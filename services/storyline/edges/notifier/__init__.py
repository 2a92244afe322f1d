"""The notifier: the reference subscriber. `story-updates` in, notifications out: README.md at the root, "Notify"."""
