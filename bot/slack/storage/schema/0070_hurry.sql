-- What is written in the same transaction is committed without waiting for the disk: should the database crash, the last
-- half second of it may be lost. For steps that are simply taken again then. Whatever is waited for later (an answer, what
-- is about to be said, what is acknowledged) is kept together with all that was committed before it.
create function hurried() returns boolean language sql volatile as $$
    select set_config('synchronous_commit', 'off', true) is not null;
$$;

-- A job that is fetched or over. (Adding one is waited for: it comes with an acknowledgement.)
create function hurry() returns trigger language plpgsql as $$
begin
    perform hurried();
    return null;
end $$;

create trigger turn_in_a_hurry after update or delete on procrastinate_jobs
    for each statement execute function hurry();
