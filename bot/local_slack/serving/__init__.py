"""What is asked of a workspace over HTTP: by the app, by the page, and by tests in another process."""
