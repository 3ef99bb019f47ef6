"""Images of channels that chose so, in the archive as they are posted; what people change and delete is followed."""
