"""For JupyterLab: panels, what-if, look-ups."""
