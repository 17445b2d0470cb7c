"""What a component is, how it is run, and the fakes to test one with."""
