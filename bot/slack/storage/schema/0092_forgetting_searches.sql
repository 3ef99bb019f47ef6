-- A search belongs to no thread.
create function searches_of(its_team text, its_user text, its_channel text, its_thread_ts text)
returns setof searches language sql stable as $$
    select * from searches
    where team = its_team and its_thread_ts = ''
        and (its_user = '' or user_id = its_user)
        and (its_channel = '' or channel = its_channel);
$$;
