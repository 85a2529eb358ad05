"""What readers see: HTML, tables, cards, evidence, charts, and panels for JupyterLab."""
