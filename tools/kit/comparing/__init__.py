"""Two images side by side: from measurements to what differs, what is alike, a picture of it and what follows."""
