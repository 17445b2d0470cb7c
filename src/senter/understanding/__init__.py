"""What a person means: text, moment, zone and what exists become acts, or one question back. Pure."""
