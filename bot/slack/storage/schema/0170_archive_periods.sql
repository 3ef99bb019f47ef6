-- Days after which what was posted leaves a channel's archive, where it chose so, and since when; null: as it is set up.
alter table channels add column keep_days int check (keep_days > 0), add column keep_chosen timestamptz;

-- That is said in the channel as well: what an announcement is about, and the days it tells.
alter table archive_announcements
    add column about text not null default 'archive' check (about in ('archive', 'period')),
    add column days int,
    drop constraint archive_announcements_pkey,
    add primary key (team, channel, about);
