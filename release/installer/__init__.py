"""Installs the bundle that it lies in; runs before anything is installed, so: the standard library only.

In the repository this is release.installer, in a bundle installer: its own imports are relative.
"""
