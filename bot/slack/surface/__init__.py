"""What people open beside the conversation: forms, search, the home tab. One file a surface."""
