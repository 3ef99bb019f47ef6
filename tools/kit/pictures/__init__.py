"""What pictures look like, in names, numbers and bits; and pictures side by side."""
