"""What a message asks: its clauses, what each wants, and what its words mean."""
