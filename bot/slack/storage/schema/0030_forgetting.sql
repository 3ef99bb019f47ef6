-- What is known of a person, a thread or a channel: an empty argument leaves that open.
create function messages_of(its_team text, its_user text, its_channel text, its_thread_ts text)
returns setof inbox language sql stable as $$
    select * from inbox
    where team = its_team
        and (its_user = '' or user_id = its_user)
        and (its_channel = '' or channel = its_channel)
        and (its_thread_ts = '' or thread_ts = its_thread_ts)
        and (user_id <> '' or message ->> 'deleted' is distinct from 'true');
$$;

create function files_of(its_team text, its_user text, its_channel text, its_thread_ts text)
returns setof thread_files language sql stable as $$
    select * from thread_files
    where team = its_team
        and (its_user = '' or user_id = its_user)
        and (its_channel = '' or channel = its_channel)
        and (its_thread_ts = '' or thread_ts = its_thread_ts);
$$;

create function feedback_of(its_team text, its_user text, its_channel text, its_thread_ts text)
returns setof feedback language sql stable as $$
    select * from feedback
    where team = its_team
        and (its_user = '' or user_id = its_user)
        and (its_channel = '' or run in (select m.run from messages_of(its_team, '', its_channel, its_thread_ts) m));
$$;
