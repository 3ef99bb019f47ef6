"""Images of folders, exports of Slack and S3 buckets into the archive."""
