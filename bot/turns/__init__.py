"""Turns of threads, whatever the surface.

running                         one turn: originals -> references -> graph -> answer
asked, answers (footnotes)      a message as it is asked; what its turn comes to, and what stands below an answer
intake                          originals -> pages -> the image references of a thread
surrounding (reach)             what the agent is lent for a turn, and whether it could find images in the archive
threads (memory)                what threads remember, one change at a time, and what they are to forget
"""
