package io.transfuse.daemon.fuse;

import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An io_uring for one command at a time, with entries of 128 bytes. Belongs to the thread that makes it: the kernel does
 * its part of the work in that thread, and only while it waits in {@link #await}. See io_uring_setup(2) and
 * io_uring_enter(2); kernel: include/uapi/linux/io_uring.h. Linux 6.6 and newer.
 */
final class IoUring implements Closeable {
    /** The same numbers on x86-64 and aarch64. */
    private static final long SYS_SETUP = 425;

    private static final long SYS_ENTER = 426;

    private static final int PAGE = 4096;

    /** The kernel makes twice as many places for what has completed; all of it fits a page. */
    private static final int ENTRIES = 2;

    private static final int SQE_SIZE = 128;

    private static final int SETUP_SQE128 = 1 << 10;
    private static final int SETUP_SINGLE_ISSUER = 1 << 12;
    private static final int SETUP_DEFER_TASKRUN = 1 << 13;
    private static final int SETUP_NO_MMAP = 1 << 14;
    private static final int SETUP_NO_SQARRAY = 1 << 16;
    private static final int SETUP =
            SETUP_SQE128 | SETUP_SINGLE_ISSUER | SETUP_DEFER_TASKRUN | SETUP_NO_MMAP | SETUP_NO_SQARRAY;
    private static final int ENTER_GETEVENTS = 1;

    /** Indexes in struct io_uring_params. */
    private static final int PARAMS_SIZE = 120;

    private static final int PARAMS_FLAGS = 8;
    private static final int PARAMS_SQ_TAIL = 40 + 4;
    private static final int PARAMS_SQ_MASK = 40 + 8;
    private static final int PARAMS_SQES = 40 + 32;
    private static final int PARAMS_CQ_HEAD = 80;
    private static final int PARAMS_CQ_TAIL = 80 + 4;
    private static final int PARAMS_CQ_MASK = 80 + 8;
    private static final int PARAMS_CQES = 80 + 20;
    private static final int PARAMS_RINGS = 80 + 32;

    private static final int CQE_SIZE = 16;
    private static final int CQE_RESULT = 8;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int descriptor;

    /** The entries to be submitted and the rings are shared with the kernel. */
    private final ByteBuffer entries;

    private final ByteBuffer ring;
    private final int sqTailAt;
    private final int sqMask;
    private final int cqHeadAt;
    private final int cqTailAt;
    private final int cqMask;
    private final int cqesAt;

    /** Whether there is an entry that the kernel has not been told of. */
    private boolean ready;

    private IoUring(
            final int descriptor, final ByteBuffer params, final NativeBuffer rings, final NativeBuffer entries) {
        this.descriptor = descriptor;
        this.entries = entries.bytes();
        this.ring = rings.bytes();
        this.sqTailAt = params.getInt(PARAMS_SQ_TAIL);
        this.sqMask = ring.getInt(params.getInt(PARAMS_SQ_MASK));
        this.cqHeadAt = params.getInt(PARAMS_CQ_HEAD);
        this.cqTailAt = params.getInt(PARAMS_CQ_TAIL);
        this.cqMask = ring.getInt(params.getInt(PARAMS_CQ_MASK));
        this.cqesAt = params.getInt(PARAMS_CQES);
    }

    /** Whether this kernel has what is needed, and lets this process use it. */
    static boolean isPossible() {
        try {
            open().close();
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    /** A new one, of the calling thread. */
    static IoUring open() throws IOException {
        final NativeBuffer rings = NativeBuffer.allocate(PAGE);
        final NativeBuffer entries = NativeBuffer.allocate(PAGE);
        final NativeBuffer params = NativeBuffer.allocate(PARAMS_SIZE);
        params.bytes()
                .putInt(PARAMS_FLAGS, SETUP)
                .putLong(PARAMS_RINGS, rings.address())
                .putLong(PARAMS_SQES, entries.address());
        final int descriptor = (int) FuseLibrary.INSTANCE.syscall(SYS_SETUP, ENTRIES, params.address(), 0, 0, 0, 0);
        Reference.reachabilityFence(params);
        if (descriptor < 0) {
            throw new IOException("io_uring_setup(2) answers " + Errno.name(FuseLibrary.errno()));
        }
        return new IoUring(descriptor, params.bytes(), rings, entries);
    }

    /** The memory of all submission queue entries. */
    ByteBuffer entries() {
        return entries;
    }

    /** Index in {@link #entries} of the next one to be submitted, of 128 bytes; what an earlier one left is still there. */
    int next() {
        return (ring.getInt(sqTailAt) & sqMask) * SQE_SIZE;
    }

    /** Says that the entry at {@link #next} is complete: {@link #submit} or {@link #await} hands it over. */
    void add() {
        INT.setRelease(ring, sqTailAt, ring.getInt(sqTailAt) + 1);
        ready = true;
    }

    /**
     * Hands over the entry that was added, if {@link #await} shall not do that. What comes of it {@link #await} tells.
     *
     * @return 0 or an errno
     */
    int submit() {
        ready = false;
        while (true) {
            final long submitted = FuseLibrary.INSTANCE.syscall(SYS_ENTER, descriptor, 1, 0, 0, 0, 0);
            if (submitted >= 0) {
                return 0;
            }
            final int errno = FuseLibrary.errno();
            if (errno != Errno.EINTR && errno != Errno.EAGAIN) {
                return errno;
            }
        }
    }

    /**
     * Hands over what was added and waits until a command has completed.
     *
     * @return its result: 0 or more, or a negated errno
     * @throws IOException if the kernel does not wait
     */
    int await() throws IOException {
        final int head = ring.getInt(cqHeadAt);
        while (ready || head == (int) INT.getAcquire(ring, cqTailAt)) {
            final long submitted =
                    FuseLibrary.INSTANCE.syscall(SYS_ENTER, descriptor, ready ? 1 : 0, 1, ENTER_GETEVENTS, 0, 0);
            if (submitted > 0) {
                ready = false;
            } else if (submitted < 0 && FuseLibrary.errno() != Errno.EINTR) {
                throw new IOException("io_uring_enter(2) answers " + Errno.name(FuseLibrary.errno()));
            }
        }
        final int result = ring.getInt(cqesAt + (head & cqMask) * CQE_SIZE + CQE_RESULT);
        INT.setRelease(ring, cqHeadAt, head + 1);
        return result;
    }

    @Override
    public void close() {
        FuseLibrary.INSTANCE.close(descriptor);
    }
}
