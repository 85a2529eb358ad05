"""Economic topics: one module of pure functions each."""
