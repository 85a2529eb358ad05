"""Military topics: one module of pure functions each."""
