-- No statement looks for a reply by its own ts.
drop index outbox_sent;
