"""Everything on one machine: watches the services it is given and waits until every article has come out."""
