"""Tables of the user's own: read as they stand, their rows chosen by words and days, and reckoned exactly.

No model takes part: a figure is computed here with its rows named, or it is said what is not clear.
"""
