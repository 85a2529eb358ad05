"""What leaves the project: reports, the index page and machine-readable verdicts."""
