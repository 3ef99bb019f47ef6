"""Folders of images into the archive."""
