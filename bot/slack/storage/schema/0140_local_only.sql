-- Whether nothing said or shown in a channel may leave the machine.
alter table channels add column local_only boolean not null default false;
