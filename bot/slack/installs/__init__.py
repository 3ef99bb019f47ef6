"""The workspaces the app is installed in: who they are, how they are added, and what happens when they leave."""
