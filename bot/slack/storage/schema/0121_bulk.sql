-- When the file that is being worked on was begun: what is erased after that is erased again when it is done.
alter table bulk_jobs add column worked timestamptz;
