"""What one row or one calculation says about a part: distributions, exact intervals, kinds of test, knobs. Judges nothing."""
