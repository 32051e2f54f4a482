package io.transfuse.host.posix;

import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * Linux' calls that tell of changes in file systems, fanotify(7) and inotify(7), and those that wait for what they tell.
 * As in {@link Posix}, results below 0 are protocol errnos, negated, and any thread may call.
 */
public final class LinuxEvents {
    /** The longest handle in bytes, MAX_HANDLE_SZ of linux/exportfs.h. */
    public static final int HANDLE_MAX = 128;

    /**
     * handle_bytes u32, handle_type s32 of struct file_handle, which the handle itself follows; see
     * open_by_handle_at(2).
     */
    public static final int HANDLE_HEADER = 8;

    private static final HostLibrary C = HostLibrary.INSTANCE;

    private static final int AT_FDCWD = -100;

    /** Since Linux 6.5: a handle that identifies, though perhaps it cannot be opened; linux/fcntl.h. */
    private static final int AT_HANDLE_FID = 0x200;

    private static final int AT_EMPTY_PATH = 0x1000;

    /** sys/eventfd.h and sys/inotify.h; the same as O_CLOEXEC and O_NONBLOCK of x86-64 and aarch64. */
    private static final int CLOSE_ON_EXEC = 02000000;

    private static final int NON_BLOCKING = 04000;

    /** struct statfs of 64-bit platforms, asm-generic/statfs.h. */
    private static final int STATFS_TYPE = 0;

    private static final int STATFS_FSID = 56;

    /** struct pollfd: fd s32, events s16, revents s16; poll.h. */
    private static final int POLLFD_SIZE = 8;

    private static final int POLLFD_EVENTS = 4;
    private static final int POLLFD_REVENTS = 6;
    private static final short POLLIN = 1;
    private static final int FOREVER = -1;

    private static final NativeBuffer EMPTY = NativeBuffer.allocate(8);

    private LinuxEvents() {}

    /** fanotify_init(2): a group's descriptor. */
    public static int openFanotify(final int flags) {
        return result(C.fanotify_init(flags, CLOSE_ON_EXEC));
    }

    /** fanotify_mark(2) for the object that {@code descriptor} refers to, which may be of O_PATH. */
    public static int markFanotify(final int group, final int flags, final long mask, final int descriptor) {
        return result(
                C.fanotify_mark(group, flags, mask, AT_FDCWD, Scratch.ofThread().pathOf(descriptor)));
    }

    /** inotify_init1(2), not blocking: an instance's descriptor. */
    public static int openInotify() {
        return result(C.inotify_init1(CLOSE_ON_EXEC | NON_BLOCKING));
    }

    /**
     * inotify_add_watch(2) for the object that {@code descriptor} refers to, which may be of O_PATH: its watch
     * descriptor.
     */
    public static int addInotify(final int instance, final int mask, final int descriptor) {
        return result(C.inotify_add_watch(instance, Scratch.ofThread().pathOf(descriptor), mask));
    }

    /** inotify_rm_watch(2). */
    public static int removeInotify(final int instance, final int watchDescriptor) {
        return result(C.inotify_rm_watch(instance, watchDescriptor));
    }

    /** Which file system holds the object that {@code descriptor} refers to, which may be of O_PATH. */
    public static int identify(final int descriptor, final FileSystemIdentity result) {
        final NativeBuffer memory = Scratch.ofThread().arguments;
        final int status = result(C.fstatfs(descriptor, memory.address()));
        if (status == 0) {
            result.type = memory.bytes().getInt(STATFS_TYPE);
            result.id = memory.bytes().getLong(STATFS_FSID);
        }
        return status;
    }

    /**
     * Writes the handle of the object that {@code descriptor} refers to, as events of fanotify bear it, to {@code result}
     * from {@code at} on: {@link #HANDLE_HEADER} and at most {@link #HANDLE_MAX} bytes. The number of bytes written, or
     * -EOPNOTSUPP where the file system has no handles.
     */
    public static int handle(final int descriptor, final byte[] result, final int at) {
        final NativeBuffer memory = Scratch.ofThread().arguments;
        final ByteBuffer bytes = memory.bytes();
        bytes.putInt(0, HANDLE_MAX);
        int status = nameToHandle(descriptor, memory, AT_EMPTY_PATH | AT_HANDLE_FID);
        if (status == -Errno.EINVAL) {
            // Before Linux 6.5 events bear handles of the one kind that there was.
            bytes.putInt(0, HANDLE_MAX);
            status = nameToHandle(descriptor, memory, AT_EMPTY_PATH);
        }
        if (status < 0) {
            return status == -Errno.EOVERFLOW ? -Errno.EOPNOTSUPP : status;
        }
        final int length = HANDLE_HEADER + bytes.getInt(0);
        bytes.get(0, result, at, length);
        return length;
    }

    private static int nameToHandle(final int descriptor, final NativeBuffer memory, final int flags) {
        final long mountId = memory.address(HANDLE_HEADER + HANDLE_MAX);
        return result(C.name_to_handle_at(descriptor, EMPTY.address(), memory.address(), mountId, flags));
    }

    /** The number of the calling thread; gettid(2). */
    public static int threadId() {
        return C.gettid();
    }

    /** Whether {@code thread} is a thread of {@code process} that runs still; tgkill(2) without a signal. */
    public static boolean isThreadOf(final int process, final int thread) {
        return thread > 0 && C.tgkill(process, thread, 0) == 0;
    }

    /** eventfd(2): a descriptor to wake up {@link #await} with. */
    public static int openWakeUp() {
        return result(C.eventfd(0, CLOSE_ON_EXEC | NON_BLOCKING));
    }

    /**
     * Lets every present and future {@link #await} on a descriptor of {@link #openWakeUp} return, until
     * {@link #clearWakeUp}.
     */
    public static void wakeUp(final int descriptor) {
        final NativeBuffer one = Scratch.ofThread().arguments;
        one.bytes().putLong(0, 1);
        C.write(descriptor, one.address(), Long.BYTES);
    }

    /** Lets {@link #await} wait again. */
    public static void clearWakeUp(final int descriptor) {
        C.read(descriptor, Scratch.ofThread().arguments.address(), Long.BYTES);
    }

    /** Waits until one of two descriptors can be read: 1 if the second can, otherwise 0; poll(2). */
    public static int await(final int first, final int second) {
        final NativeBuffer memory = Scratch.ofThread().arguments;
        final ByteBuffer bytes = memory.bytes();
        putPoll(bytes, 0, first);
        putPoll(bytes, POLLFD_SIZE, second);
        int status;
        do {
            status = result(C.poll(memory.address(), 2, FOREVER));
        } while (status == -Errno.EINTR);
        if (status < 0) {
            return status;
        }
        return bytes.getShort(POLLFD_SIZE + POLLFD_REVENTS) == 0 ? 0 : 1;
    }

    private static void putPoll(final ByteBuffer bytes, final int at, final int descriptor) {
        bytes.putInt(at, descriptor);
        bytes.putShort(at + POLLFD_EVENTS, POLLIN);
        bytes.putShort(at + POLLFD_REVENTS, (short) 0);
    }

    /** read(2): the number of bytes; -EAGAIN where there is nothing to be read now. */
    public static int read(final int descriptor, final NativeBuffer buffer) {
        return (int) result(C.read(descriptor, buffer.address(), buffer.capacity()));
    }

    private static int result(final int status) {
        return (int) result((long) status);
    }

    private static long result(final long status) {
        return status >= 0 ? status : -HostErrno.toProtocol(HostLibrary.RUNTIME.getLastError());
    }
}
