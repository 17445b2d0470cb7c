"""`senter shell`: questions and commands one after the other, in the scrollback of a terminal."""
