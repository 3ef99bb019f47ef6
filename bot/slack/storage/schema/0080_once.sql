-- What people ask by pressing and submitting has no message in Slack: it is known by the act, which counts once.
alter table inbox add column once text;
create unique index inbox_once on inbox (team, channel, once) where once is not null;

-- What the searches of a turn were asked and have shown, by ids: to go on with them.
alter table inbox add column searches json;

-- As `hear`, by the act: the row that is there when it was done before. Nothing else may have its ts.
create function hear_once(said jsonb, its_thread text)
returns table (is_new boolean, entry inbox) language plpgsql as $$
declare
    its_ts text := said->>'ts';
begin
    loop
        insert into inbox (team, channel, ts, thread, thread_ts, user_id, once, state, message)
            values (said->>'team', said->>'channel', its_ts, its_thread, said->>'thread_ts', said->>'user',
                    said->>'once', 'waiting', jsonb_set(said, '{ts}', to_jsonb(its_ts)))
            on conflict do nothing
            returning inbox.* into entry;
        is_new := found;
        if is_new then
            perform defer_turn(its_thread);
            return next;
            return;
        end if;
        select i.* into entry from inbox i
            where (i.team, i.channel, i.once) = (said->>'team', said->>'channel', said->>'once');
        if found then
            return next;
            return;
        end if;
        its_ts := to_char(its_ts::numeric + 0.000001, 'FM9999999999.000000');
    end loop;
end $$;
