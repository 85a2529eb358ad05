"""Running notebooks: the gate their parameters pass, and the build that turns them into reports."""
