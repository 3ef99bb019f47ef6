"""What people open beside the conversation: forms, search, the home tab, `/spyglass`. One file a surface."""
