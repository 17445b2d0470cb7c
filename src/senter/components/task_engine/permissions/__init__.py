"""What a goal may do, decided beforehand and enforced where things are opened, fetched and run."""
