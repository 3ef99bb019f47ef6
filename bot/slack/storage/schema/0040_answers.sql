-- jsonb sorts the names in an object: a table's columns would be told in another order after a restart.
alter table inbox alter column answer type json;
