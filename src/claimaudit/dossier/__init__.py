"""The only reader of an audit folder: its tables as loaded and checked, cut back to what was knowable on a day."""
