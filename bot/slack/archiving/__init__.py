"""Images of channels that chose so, in the archive as they are posted; what people change and delete is followed.

    telling/    choosing (asked, tallying)       what people choose and read: /spyglass archive, buttons, the form
                announcing (announcements)       a channel is told that it is archived
    following (candidates, changes, checking)    events -> what is wanted, changed or let go
    history/    backfilling (backfills, board)   a channel's history -> what is wanted
    postings, register (leases)                  files of messages, and the table of them: each once, whose for a while
    rounds (archivist)                           who works on what, the most urgent first
    filling (opening, describing, places)        a posting into the archive; `studying` what takes longer
    filing                                       what a turn took in, into the archive
    verifying/  source (walking, asking_slack)   what Slack has now, for whoever verifies an archive

`bot.archive` has what is the same for whatever fills an archive.
"""
