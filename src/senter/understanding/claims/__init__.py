"""No sentence of Senter's claims what did not happen: finds such sentences in an answer, and says what is true."""
