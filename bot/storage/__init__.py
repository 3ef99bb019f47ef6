"""What lies in PostgreSQL: connections, locks, the tables, and what of the rest is kept there."""
