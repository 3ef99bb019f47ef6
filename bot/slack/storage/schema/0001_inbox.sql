-- One row a message: what was said, and how far its turn has come.

create table inbox (
    team text not null,
    channel text not null,
    ts text collate "C" not null,
    thread text not null,
    thread_ts text not null,
    user_id text not null,
    message jsonb not null,
    state text not null default 'heard',
    reason text not null default '',
    attempts int not null default 0,
    answer jsonb,
    run uuid not null default gen_random_uuid(),
    cancelled_by text,
    created timestamptz not null default now(),
    updated timestamptz not null default now(),
    primary key (team, channel, ts)
);

create index inbox_pending on inbox (thread, ts) where state in ('waiting', 'working', 'answered');
create index inbox_thread on inbox (thread, ts);
create index inbox_user on inbox (team, user_id);
create unique index inbox_run on inbox (run);

-- Every fetch of a job looks for others with its lock.
create index procrastinate_jobs_lock_alive on procrastinate_jobs (lock) where status in ('todo', 'doing');

create function defer_turn(thread text) returns void language plpgsql as $$
begin
    perform procrastinate_defer_jobs_v1(array[
        row('turns', 'turn', 0, thread, null, jsonb_build_object('thread', thread), null)
    ]::procrastinate_job_to_defer_v1[]);
end $$;

-- A new row, with its job when it is for us; the row that is there already otherwise.
create function hear(said jsonb, its_thread text, for_us boolean, why text)
returns table (is_new boolean, entry inbox) language plpgsql as $$
begin
    insert into inbox (team, channel, ts, thread, thread_ts, user_id, message, state, reason)
        values (said->>'team', said->>'channel', said->>'ts', its_thread, said->>'thread_ts', said->>'user', said,
                case when for_us then 'waiting' else 'heard' end, why)
        on conflict do nothing
        returning inbox.* into entry;
    is_new := found;
    if is_new and for_us then
        perform defer_turn(its_thread);
    elsif not is_new then
        select i.* into entry from inbox i
            where (i.team, i.channel, i.ts) = (said->>'team', said->>'channel', said->>'ts');
    end if;
    return next;
end $$;

-- Another view of a message, merged; its job when only now it is for us. No row when somebody else was quicker than us.
create function hear_again(seen jsonb, merged jsonb, its_thread text, for_us boolean, why text)
returns setof inbox language plpgsql as $$
declare
    wakes boolean;
    entry inbox;
begin
    select for_us and i.state = 'heard' into wakes from inbox i
        where (i.team, i.channel, i.ts) = (seen->>'team', seen->>'channel', seen->>'ts') and i.message = seen
        for update;
    if not found then
        return;
    end if;
    update inbox i
        set message = merged,
            thread = its_thread,
            thread_ts = merged->>'thread_ts',
            user_id = merged->>'user',
            state = case when wakes then 'waiting' else i.state end,
            reason = case when wakes then why else i.reason end,
            updated = now()
        where (i.team, i.channel, i.ts) = (seen->>'team', seen->>'channel', seen->>'ts')
        returning i.* into entry;
    if wakes then
        perform defer_turn(its_thread);
    end if;
    return next entry;
end $$;
