"""Alt text for many images at once: a job that goes on beside people's questions and ends with a CSV."""
