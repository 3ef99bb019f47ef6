-- All rows of a workspace, in every table of ours that names workspaces or threads, whose ids begin with theirs.
create function empty_tables_of(its_team text) returns void language plpgsql as $$
declare
    place record;
begin
    delete from erasures where erasure ->> 'team' = its_team;
    for place in
        -- of a table with both columns it is the team
        select table_name, min(column_name) as named from information_schema.columns
            where table_schema = 'spyglass' and column_name in ('team', 'thread') group by table_name
    loop
        execute format('delete from spyglass.%I where split_part(%I, '':'', 1) = $1', place.table_name, place.named)
            using its_team;
    end loop;
end $$;
