"""What the planner says, with tools and without: made of what is known and nothing else."""
