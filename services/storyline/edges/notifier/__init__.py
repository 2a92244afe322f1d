"""The notifier: the reference subscriber. `story-updates` in, notifications out; see README.md beside this file."""
