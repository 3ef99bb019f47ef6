-- The queue tells its workers only of new jobs: tell them too when a job comes back, and when one that waited for
-- another of its thread may start.

create function tell_of_turn() returns trigger language plpgsql as $$
begin
    perform pg_notify('procrastinate_queue_v1#turns', json_build_object('type', 'job_inserted', 'job_id', old.id)::text);
    return null;
end $$;

create function tell_of_next_turn() returns trigger language plpgsql as $$
begin
    if exists (select from procrastinate_jobs where lock = old.lock and status = 'todo') then
        perform pg_notify('procrastinate_queue_v1#turns', json_build_object('type', 'job_inserted', 'job_id', old.id)::text);
    end if;
    return null;
end $$;

create trigger turn_came_back after update of status on procrastinate_jobs
    for each row when (new.status = 'todo' and new.scheduled_at is null) execute function tell_of_turn();
create trigger turn_is_over after delete on procrastinate_jobs
    for each row execute function tell_of_next_turn();

-- A worker says that it lives, also when others took it for dead meanwhile.
create function beat(worker bigint) returns void language sql as $$
    insert into procrastinate_workers (id, last_heartbeat) overriding system value values (worker, now())
        on conflict (id) do update set last_heartbeat = now();
$$;

-- Jobs of workers that have not been heard of for so many seconds go back into the queue.
create function recover_turns(seconds double precision) returns setof bigint language plpgsql as $$
declare
    job bigint;
begin
    perform procrastinate_prune_stalled_workers_v1(seconds);
    for job in select id from procrastinate_jobs where status = 'doing' and worker_id is null for update skip locked loop
        perform procrastinate_retry_job_v2(job, null, null, null, null);
        return next job;
    end loop;
end $$;

-- Messages whose job was lost get a new one.
create function sweep_turns(seconds double precision) returns setof text language plpgsql as $$
declare
    lost text;
begin
    for lost in
        select i.thread from inbox i
            where i.state in ('waiting', 'working', 'answered') and i.updated < now() - make_interval(secs => seconds)
                and not exists (select from procrastinate_jobs j where j.lock = i.thread and j.status in ('todo', 'doing'))
    loop
        perform defer_turn(lost);
        return next lost;
    end loop;
end $$;

-- Nobody reads what happened to a job: it is deleted once it is over.
alter table procrastinate_jobs disable trigger procrastinate_trigger_status_events_insert_v1;
alter table procrastinate_jobs disable trigger procrastinate_trigger_status_events_update_v1;
alter table procrastinate_jobs disable trigger procrastinate_trigger_scheduled_events_v1;
