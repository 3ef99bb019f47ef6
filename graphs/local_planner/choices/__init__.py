"""Choices: lists of labels, their changes, and one thing sought among several images."""
