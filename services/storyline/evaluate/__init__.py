"""How good the matching is: labelled streams, measures, baselines. Not part of any service."""
