"""The case: this article's economic and military claims as small pure functions that its notebooks and findings call."""
