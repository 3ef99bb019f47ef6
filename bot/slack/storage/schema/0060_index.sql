-- The primary key begins with team and channel: every message was indexed by them twice.
drop index inbox_channel;
