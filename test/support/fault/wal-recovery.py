# What a process does that recovers the WAL after a crash, for as long as its standard input is open: it keeps the locks
# of writing, checkpointing and recovering, and the header of the WAL's index is not valid meanwhile
# (https://www.sqlite.org/walformat.html). Argument: the database file.
import fcntl
import os
import sys

WRITE_LOCK, LOCKS = 120, 3
HEADER_COPIES = 96

shm = os.open(sys.argv[1] + "-shm", os.O_RDWR)
fcntl.lockf(shm, fcntl.LOCK_EX, LOCKS, WRITE_LOCK)
os.pwrite(shm, bytes(HEADER_COPIES), 0)
print("recovering", flush=True)
sys.stdin.read()
