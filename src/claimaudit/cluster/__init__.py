"""Builds and sweeps on several machines, by Dask; a sweep also without it, in this process."""
