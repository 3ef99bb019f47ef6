"""Images of folders, exports of Slack and S3 buckets into an archive, when somebody says so.

    folders (walking), buckets, exports (spool)  sources: what `originals` says of each
    index (indexer, then completing)             a run over them: found at once, then looked into; `progress` of it
    keeping                                      what a run does with the archive and the blob store
    wired                                        a run with the ports of a process

`bot.archive` has what is the same for whatever fills an archive; `bot.slack.archiving` follows channels as they go on.
"""
