"""Reads temperature, pressure and humidity."""

# The offset of 0.8 degrees makes up for the heat of the board.
TEMPERATURE_OFFSET = -0.8


def corrected(raw: float) -> float:
    """Return the temperature in degrees Celsius."""
    return raw + TEMPERATURE_OFFSET
