"""An encoder's cutoffs, measured on pictures that come with the packages we need anyway, and on some that we draw."""
