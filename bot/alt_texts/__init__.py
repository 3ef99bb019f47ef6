"""Alt texts of many images: a table on disk, and asked for by the batches of a provider where that is cheaper."""
