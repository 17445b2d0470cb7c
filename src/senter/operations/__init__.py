"""Work on an installation that needs no running daemon."""
