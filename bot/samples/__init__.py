"""What there is to see from the first minute: sample pictures with clear licences, and a workspace that shows them."""
