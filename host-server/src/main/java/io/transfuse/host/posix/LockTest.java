package io.transfuse.host.posix;

/** A lock in the way, as fcntl(2) reports it; filled in anew by each test. */
public final class LockTest {
    /** One of {@link io.transfuse.protocol.LockType}; UNLOCK when nothing is in the way. */
    public int type;

    public long start;

    /** Last byte; 2^63-1 for the end of the file. */
    public long end;

    /** The guest's process that holds it; 0 for a process of the host or of another mount. */
    public int pid;
}
