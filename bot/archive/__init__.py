"""Archives of images, whoever fills them, and their upkeep.

    ids, enriching (captions), shelving          an image into an archive: its id, what it holds, its vectors
    pairs (answering)                            which encoder and which collection answer a workspace now
    engines, standing                            archives by the setting that names their engine, and what is in them
    moving (side_by_side, agreeing)              from one engine to another
    reencoding (encoding, side_by_side)          from one encoder to another; `following` does it in the background
    verifying (drift, originals, mending)        against originals and Slack; `auditing` does it with a process's ports

Two fill them through these: `bot.indexing` on somebody's word, from folders, exports of Slack and buckets;
`bot.slack.archiving` from channels, as things are posted, changed and deleted.
"""
