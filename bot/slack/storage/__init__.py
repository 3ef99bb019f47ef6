"""What is kept in PostgreSQL: messages and their turns, jobs, replies, choices, verdicts; and how it is erased."""
