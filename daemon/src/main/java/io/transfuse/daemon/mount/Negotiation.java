package io.transfuse.daemon.mount;

import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.FuseOpcode;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.IncEpochOut;
import io.transfuse.daemon.fuse.InitFlags;
import io.transfuse.daemon.fuse.InitIn;
import io.transfuse.daemon.fuse.InitOut;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.RingChannel;
import io.transfuse.daemon.operation.CachePolicy;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Limits;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What kernel and daemon agreed on by INIT, the first request of every mount. The one place that decides it.
 *
 * @param minor version of the kernel's protocol, 7.minor
 * @param flags bits of {@link InitFlags} that hold
 * @param processors of each of which the requests come through io_urings, and none before every one has a lane; 0 if all are
 *     read from the device
 */
record Negotiation(int minor, long flags, int processors) {
    private static final int MAJOR = 7;

    /** What the daemon makes the most of; older kernels (before Linux 5.4) lack too much of it. */
    private static final int MINOR_MIN = 31;

    /** Tests set it lower, to see that an older kernel is served. */
    private static final String MINOR_PROPERTY = "io.transfuse.daemon.fuse.minor";

    private static final int MINOR_MAX = Integer.getInteger(MINOR_PROPERTY, 45);
    private static final int PAGE = 4096;
    private static final int MAX_BACKGROUND = 64;
    private static final int CONGESTION_THRESHOLD = 48;

    /**
     * Taken if the kernel offers it:
     * ASYNC_READ, ASYNC_DIO: several parts of one transfer at a time.
     * POSIX_LOCKS, FLOCK_LOCKS: locks hold against the host and other mounts.
     * ATOMIC_O_TRUNC: open(O_TRUNC) is one request. PARALLEL_DIROPS: lookups in one directory do not queue.
     * MAX_PAGES, BIG_WRITES: transfers of 1 MiB. HANDLE_KILLPRIV_V2: the host clears set-id bits, no GETXATTR a write.
     * DIRECT_IO_ALLOW_MMAP: shared mappings work though nothing is cached.
     * Not taken: DONT_MASK (the kernel applies the umask), POSIX_ACL (not kept), WRITEBACK_CACHE (writes would wait),
     * AUTO_INVAL_DATA (was seen to miss changes within one tick; a mount that caches takes it), EXPORT_SUPPORT (no lookups of "." and
     * "..") nor NO_EXPORT_SUPPORT (the injector opens by handles what the kernel holds).
     */
    private static final long WANTED = InitFlags.ASYNC_READ
            | InitFlags.ASYNC_DIO
            | InitFlags.POSIX_LOCKS
            | InitFlags.FLOCK_LOCKS
            | InitFlags.ATOMIC_O_TRUNC
            | InitFlags.BIG_WRITES
            | InitFlags.PARALLEL_DIROPS
            | InitFlags.MAX_PAGES
            | InitFlags.HANDLE_KILLPRIV_V2
            | InitFlags.INIT_EXT
            | InitFlags.HAS_EXPIRE_ONLY
            | InitFlags.DIRECT_IO_ALLOW_MMAP;

    /**
     * Waits for the kernel's INIT and answers it.
     *
     * @param caches whether the mount caches: {@link CachePolicy} tells what that adds
     * @param transferMax most data of one READ or WRITE that the host takes, in bytes
     * @param processors how many there are, if their requests may come through io_urings, else 0
     */
    static Negotiation await(final FuseDevice device, final int transferMax, final boolean caches, final int processors)
            throws IOException {
        final long wanted = WANTED
                | (caches ? CachePolicy.INIT_FLAGS_CACHED : 0)
                | (processors > 0 && MINOR_MAX >= RingChannel.SINCE_MINOR ? InitFlags.OVER_IO_URING : 0);
        final NativeBuffer memory = NativeBuffer.allocate(Limits.TRANSFER_MAX + 2 * PAGE);
        final ByteBuffer request = memory.bytes();
        final int length = device.read(memory);
        if (length < InitIn.END || InHeader.opcode(request) != FuseOpcode.INIT) {
            throw new IOException("the kernel does not begin with INIT");
        }
        final long unique = InHeader.unique(request);
        if (InitIn.major(request) != MAJOR || InitIn.minor(request) < MINOR_MIN) {
            refuse(device, unique);
            throw new IOException("the kernel speaks FUSE " + InitIn.major(request) + "." + InitIn.minor(request)
                    + ", wanted is " + MAJOR + "." + MINOR_MIN + " (Linux 5.4) or newer");
        }
        final long flags = InitIn.flags(request) & wanted;
        final Negotiation agreed = new Negotiation(
                Math.min(InitIn.minor(request), MINOR_MAX),
                flags,
                (flags & InitFlags.OVER_IO_URING) == 0 ? 0 : processors);
        agreed.answer(device, unique, InitIn.maxReadahead(request), Math.min(transferMax, Limits.TRANSFER_MAX) / PAGE);
        return agreed;
    }

    private static void refuse(final FuseDevice device, final long unique) {
        final NativeBuffer reply = NativeBuffer.allocate(OutHeader.SIZE);
        OutHeader.put(reply.bytes(), 0, OutHeader.SIZE, Errno.EPROTO, unique);
        device.write(reply, 0, OutHeader.SIZE);
    }

    private void answer(final FuseDevice device, final long unique, final int maxReadahead, final int pages)
            throws IOException {
        final NativeBuffer reply = NativeBuffer.allocate(OutHeader.SIZE + InitOut.SIZE);
        OutHeader.put(reply.bytes(), 0, OutHeader.SIZE + InitOut.SIZE, 0, unique);
        InitOut.put(
                reply.bytes(),
                OutHeader.SIZE,
                MAJOR,
                MINOR_MAX,
                maxReadahead,
                (int) flags,
                MAX_BACKGROUND,
                CONGESTION_THRESHOLD,
                pages * PAGE,
                1,
                pages,
                0,
                (int) (flags >>> 32),
                0,
                0);
        final int errno = device.write(reply, 0, OutHeader.SIZE + InitOut.SIZE);
        if (errno != 0) {
            throw new IOException("the kernel refuses the reply to INIT: " + Errno.name(errno));
        }
    }

    /** Whether the kernel can be told that every name is stale. */
    boolean hasEpoch() {
        return minor >= IncEpochOut.SINCE_MINOR;
    }

    /** Whether the kernel can be told to ask for a name again without dropping it. */
    boolean canExpire() {
        return (flags & InitFlags.HAS_EXPIRE_ONLY) != 0;
    }

    /** For log lines. */
    @Override
    public String toString() {
        return "FUSE " + MAJOR + "." + minor + ", flags 0x" + Long.toHexString(flags) + ", requests by "
                + (processors > 0 ? "io_uring" : "device");
    }
}
