"""From findings to verdicts: pooling, labels, sensitivity, the audit of a topic as one function."""
