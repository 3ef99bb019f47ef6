"""What happens in a workspace: messages, files, members, modals, and what a person does with what the app shows."""
