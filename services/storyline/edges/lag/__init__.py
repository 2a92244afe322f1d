"""How far consumers are behind. In: offsets of groups and topics. Out: nothing. State: none."""
