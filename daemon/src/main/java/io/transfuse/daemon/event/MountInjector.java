package io.transfuse.daemon.event;

import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Limits;
import io.transfuse.transport.NativeBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Makes the system calls for one mount, in a thread of its own. Directories are reached by file handles (type 0x81: node and
 * generation; kernel: {@code fuse_encode_fh}), so that neither their paths matter nor renames, and no name is looked up on
 * the way. A directory that the kernel holds without any name, as for a watch alone, is reached by the path that the daemon
 * tells when it has been looked for in vain; one that the kernel does not hold is not found, and nobody watches it then.
 *
 * <p>An object that the kernel holds is reached by its handle too, and its changes are told by calls whose replies carry no
 * attributes: fallocate(2) of what is there already, setxattr(2). The kernel keeps one answer of several that are on their
 * way, so that attributes in a reply to this process could make it ignore newer ones that a program is waiting for.
 * A file that the host has open for writing is open here until the host closes it, as it would be locally. Only what
 * the kernel holds under another name, or not at all, is changed by its name.
 *
 * <p>The mount is used through a private clone of it (open_tree(2)), which does not make it busy and is writable where the
 * mount is read-only, and that only while there is something to do or the host has a file open for writing.
 */
final class MountInjector implements Runnable {
    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int O_NONBLOCK = 04000;
    private static final int O_DIRECTORY = ARM ? 040000 : 0200000;
    private static final int O_NOFOLLOW = ARM ? 0100000 : 0400000;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;
    private static final int OPEN_TREE_CLONE = 1;
    private static final long SYS_OPEN_TREE = 428;
    private static final long SYS_MOUNT_SETATTR = 442;
    private static final int MOUNT_ATTR_RDONLY = 1;
    private static final int MOUNT_ATTR_SIZE = 32;
    private static final int MOUNT_ATTR_CLEAR = 8;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_SYMLINK_FOLLOW = 0x400;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_STATX_DONT_SYNC = 0x4000;
    private static final int STATX_SIZE = 256;
    private static final int STATX_DEV_MAJOR = 0x88;
    private static final int STATX_DEV_MINOR = 0x8c;
    private static final int RENAME_EXCHANGE = 2;
    private static final long UTIME_NOW = (1L << 30) - 1;
    private static final long UTIME_OMIT = (1L << 30) - 2;
    private static final int TIMES_SIZE = 32;
    private static final int ATIME_NANOS = 8;
    private static final int MTIME_NANOS = 24;

    /** Where a struct file_handle has its fields: the length and type of what follows, the node's upper and lower half. */
    private static final int HANDLE_LENGTH = 0;

    private static final int HANDLE_TYPE = 4;
    private static final int HANDLE_NODE = 8;
    private static final int HANDLE_GENERATION = 16;
    private static final int HANDLE_BYTES = 12;
    private static final int NODE_AND_GENERATION = 0x81;
    private static final int MADE_PERMISSIONS = 0600;
    private static final long ROOT = 1;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int NONE = -1;
    private static final byte[] SELF = {'.'};
    private static final byte[] CHANGED = string(Expectations.XATTR.getBytes(StandardCharsets.US_ASCII));

    /** How long the mount stays open when there is nothing to do: opening it costs a request or two. */
    private static final long IDLE_MILLIS = 20;

    /** How long a mount that is gone may be kept by a file that the host has open. */
    private static final long CHECK_MILLIS = 200;

    /** Files that are open at most; each is a descriptor. */
    private static final int WRITTEN_MAX = 64;

    private static final InjectorLibrary C = InjectorLibrary.INSTANCE;

    private final Injector injector;
    private final int mount;
    private final byte[] mountPoint;
    private final int major;
    private final int minor;
    private final byte[] hiddenName;
    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
    private final NativeBuffer memory = NativeBuffer.allocate(STATX_SIZE);
    private final NativeBuffer text = NativeBuffer.allocate(Limits.PATH_MAX + 1);

    /** The descriptors of the files that the host has open for writing, by node; that which changed last is the last. */
    private final Map<Long, Integer> written = new LinkedHashMap<>();

    /** The descriptors of directories that were reached by their paths, by node: they keep their names meanwhile. */
    private final Map<Long, Integer> reached = new HashMap<>();

    private int tree = NONE;

    /** Some directory of the mount that is open, which it takes to open others by their handles. */
    private int anchor = NONE;

    private int hidden = NONE;

    /** An injection of null ends the thread. */
    private record Job(long number, Injection injection, Map<Long, byte[]> places) {}

    MountInjector(
            final Injector injector,
            final int mount,
            final byte[] mountPoint,
            final int major,
            final int minor,
            final byte[] hiddenName) {
        this.injector = injector;
        this.mount = mount;
        this.mountPoint = string(mountPoint);
        this.major = major;
        this.minor = minor;
        this.hiddenName = string(hiddenName);
    }

    private static byte[] string(final byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    private static byte[] pathOf(final int descriptor) {
        return ("/proc/self/fd/" + descriptor + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    void start() {
        final Thread thread = new Thread(this, "inject " + mount);
        thread.setDaemon(true);
        thread.start();
    }

    /** @param places paths from the mount's root, by the nodes of directories that were not reached without them */
    void add(final long number, final Injection injection, final Map<Long, byte[]> places) {
        jobs.add(new Job(number, injection, places));
    }

    void end() {
        jobs.add(new Job(0, null, Map.of()));
    }

    @Override
    public void run() {
        injector.attached(mount, C.gettid());
        try {
            while (true) {
                Job job = jobs.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (job == null) {
                    close();
                    job = idle();
                }
                if (job.injection() == null) {
                    break;
                }
                final int errno = open();
                if (errno == 0) {
                    job.places().forEach(this::reach);
                }
                injector.done(mount, job.number(), errno == 0 ? inject(job.injection()) : errno);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
        closeWritten();
        injector.detached(mount);
    }

    /** Waits for the next job. Open files must not keep the file system of a mount that is gone. */
    private Job idle() throws InterruptedException {
        while (!written.isEmpty()) {
            final Job job = jobs.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
            if (job != null) {
                return job;
            }
            if (!isTheMount(AT_FDCWD, mountPoint, 0)) {
                closeWritten();
            }
        }
        return jobs.take();
    }

    private void closeWritten() {
        written.values().forEach(C::close);
        written.clear();
    }

    private void closeWritten(final long node) {
        final Integer descriptor = written.remove(node);
        if (descriptor != null) {
            C.close(descriptor);
        }
    }

    /** A file of the host that is still open, as far as is known: it stays open here. */
    private void keepWritten(final long node, final int descriptor) {
        written.remove(node);
        written.put(node, descriptor);
        if (written.size() > WRITTEN_MAX) {
            final Iterator<Integer> descriptors = written.values().iterator();
            C.close(descriptors.next());
            descriptors.remove();
        }
    }

    private void close() {
        reached.values().forEach(C::close);
        reached.clear();
        close(hidden);
        close(anchor);
        close(tree);
        hidden = NONE;
        anchor = NONE;
        tree = NONE;
    }

    private static void close(final int descriptor) {
        if (descriptor >= 0) {
            C.close(descriptor);
        }
    }

    /** Opens the mount; 0 or an errno. */
    private int open() {
        if (tree >= 0) {
            return 0;
        }
        tree = (int) C.syscall(SYS_OPEN_TREE, AT_FDCWD, address(mountPoint), OPEN_TREE_CLONE | O_CLOEXEC, 0, 0);
        if (tree >= 0) {
            // A mount that shows itself read-only is writable for its events alone; the host refuses other writes.
            clear(memory, MOUNT_ATTR_SIZE);
            memory.bytes().putLong(MOUNT_ATTR_CLEAR, MOUNT_ATTR_RDONLY);
            C.syscall(
                    SYS_MOUNT_SETATTR, tree, address(new byte[] {0}), AT_EMPTY_PATH, memory.address(), MOUNT_ATTR_SIZE);
        } else {
            // Without CAP_SYS_ADMIN: the mount itself, which is busy meanwhile.
            tree = C.open(mountPoint, O_PATH | O_CLOEXEC);
        }
        final int errno = InjectorLibrary.errno(tree);
        if (errno != 0) {
            return errno;
        }
        if (!isTheMount(tree, new byte[] {0}, AT_EMPTY_PATH)) {
            close();
            return Errno.ENODEV;
        }
        return 0;
    }

    /** A string for a system call that is made by its number. */
    private long address(final byte[] string) {
        text.bytes().put(0, string);
        return text.address();
    }

    private static void clear(final NativeBuffer buffer, final int length) {
        for (int i = 0; i < length; i++) {
            buffer.bytes().put(i, (byte) 0);
        }
    }

    /** The mount may have been taken away, or another been mounted over it. */
    private boolean isTheMount(final int descriptor, final byte[] path, final int flags) {
        return C.statx(descriptor, path, flags | AT_STATX_DONT_SYNC, 0, memory.address()) == 0
                && memory.bytes().getInt(STATX_DEV_MAJOR) == major
                && memory.bytes().getInt(STATX_DEV_MINOR) == minor;
    }

    /** A descriptor of O_PATH for an object that the kernel holds, or an errno, negated. */
    private int byHandle(final long node) {
        if (anchor < 0) {
            // By a descriptor of O_PATH no handle can be opened, and to open a directory of the host's would be told.
            final int parent = directory(Injection.HIDDEN);
            if (parent < 0) {
                return parent;
            }
            anchor = C.openat(parent, string(Injection.INNER_NAME), O_DIRECTORY | O_CLOEXEC, 0);
            if (anchor < 0) {
                return -InjectorLibrary.errno(anchor);
            }
        }
        if (reached.containsKey(node)) {
            final int same = C.openat(reached.get(node), string(SELF), O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
            return same >= 0 ? same : -InjectorLibrary.errno(same);
        }
        memory.bytes().putInt(HANDLE_LENGTH, HANDLE_BYTES);
        memory.bytes().putInt(HANDLE_TYPE, NODE_AND_GENERATION);
        memory.bytes().putInt(HANDLE_NODE, (int) (node >>> Integer.SIZE));
        memory.bytes().putInt(HANDLE_NODE + Integer.BYTES, (int) node);
        memory.bytes().putInt(HANDLE_GENERATION, 0);
        final int descriptor = C.open_by_handle_at(anchor, memory.address(), O_PATH | O_CLOEXEC);
        return descriptor >= 0 ? descriptor : -InjectorLibrary.errno(descriptor);
    }

    /** Walks to a directory, as any program would, so that the kernel knows it by its name again. */
    private void reach(final long node, final byte[] path) {
        final int descriptor = C.openat(tree, string(path), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
        if (descriptor < 0) {
            return;
        }
        if (isNode(descriptor, node)) {
            close(reached.getOrDefault(node, NONE));
            reached.put(node, descriptor);
        } else {
            close(descriptor);
        }
    }

    private boolean isNode(final int descriptor, final long node) {
        memory.bytes().putInt(HANDLE_LENGTH, HANDLE_BYTES);
        return C.name_to_handle_at(descriptor, new byte[] {0}, memory.address(), text.address(), AT_EMPTY_PATH) == 0
                && memory.bytes().getInt(HANDLE_TYPE) == NODE_AND_GENERATION
                && memory.bytes().getInt(HANDLE_NODE) == (int) (node >>> Integer.SIZE)
                && memory.bytes().getInt(HANDLE_NODE + Integer.BYTES) == (int) node;
    }

    /** A descriptor for a directory, not to be closed if it is one that is kept. */
    private int directory(final long node) {
        if (node == ROOT) {
            return tree;
        }
        if (node == Injection.HIDDEN) {
            if (hidden < 0) {
                hidden = C.openat(tree, hiddenName, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
            }
            return hidden >= 0 ? hidden : -InjectorLibrary.errno(hidden);
        }
        return byHandle(node);
    }

    private void release(final int descriptor) {
        if (descriptor != tree && descriptor != hidden) {
            close(descriptor);
        }
    }

    /** Makes the system calls; 0 or the errno of the one that failed. */
    private int inject(final Injection injection) {
        // Who removes the last name of an open file is told of its end when it is closed, and the host's close of it
        // may not be told.
        closeWritten(injection.ended());
        if (injection.directory() == 0) {
            return touchItself(injection);
        }
        final int directory = directory(injection.directory());
        if (directory < 0) {
            return -directory;
        }
        try {
            if (injection.newDirectory() == 0) {
                return inject(injection, directory);
            }
            final int newDirectory = directory(injection.newDirectory());
            if (newDirectory < 0) {
                return -newDirectory;
            }
            try {
                return rename(injection, directory, newDirectory);
            } finally {
                release(newDirectory);
            }
        } finally {
            release(directory);
        }
    }

    private int rename(final Injection injection, final int directory, final int newDirectory) {
        final byte[] name = string(injection.name());
        final byte[] newName = string(injection.newName());
        final boolean exchanges = injection.call() == Injection.Call.EXCHANGE;
        // A directory has one name in the kernel, which may be the new one already. The kernel does not bring it to the
        // old one while rename(2) has its locks (ESTALE; d_splice_alias).
        final int moved = injection.isDirectory() ? reach(directory, name) : NONE;
        final int exchanged = exchanges ? reach(newDirectory, newName) : NONE;
        final int status = C.renameat2(directory, name, newDirectory, newName, exchanges ? RENAME_EXCHANGE : 0);
        final int errno = InjectorLibrary.errno(status);
        close(moved);
        close(exchanged);
        return errno;
    }

    /** A descriptor of O_PATH for what stands at a name, or negative. */
    private static int reach(final int directory, final byte[] name) {
        return C.openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
    }

    private int inject(final Injection injection, final int directory) {
        final byte[] name = string(injection.name());
        switch (injection.call()) {
            case MAKE:
                return make(injection, directory, name);
            case LINK:
                return link(injection.node(), directory, name);
            case TOUCH:
                return touch(injection, directory, name);
            case REMOVE:
                return InjectorLibrary.errno(C.unlinkat(directory, name, injection.isDirectory() ? AT_REMOVEDIR : 0));
            default:
                return Errno.EINVAL;
        }
    }

    private int make(final Injection injection, final int directory, final byte[] name) {
        if (injection.closes()) {
            return touchOpen(
                    C.openat(directory, name, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, MADE_PERMISSIONS),
                    injection);
        }
        final int status;
        switch (FileMode.type(injection.mode())) {
            case FileMode.DIRECTORY:
                status = C.mkdirat(directory, name, MADE_PERMISSIONS);
                break;
            case FileMode.SYMLINK:
                status = C.symlinkat(new byte[] {'x', 0}, directory, name);
                break;
            default:
                status = C.mknodat(directory, name, FileMode.type(injection.mode()) | MADE_PERMISSIONS, 0);
        }
        final int errno = InjectorLibrary.errno(status);
        return errno != 0 ? errno : touch(injection, directory, name);
    }

    private int link(final long node, final int directory, final byte[] name) {
        final int object = byHandle(node);
        if (object < 0) {
            return -object;
        }
        try {
            return InjectorLibrary.errno(C.linkat(AT_FDCWD, pathOf(object), directory, name, AT_SYMLINK_FOLLOW));
        } finally {
            close(object);
        }
    }

    private int touch(final Injection injection, final int directory, final byte[] name) {
        final Integer open = injection.opens() ? written.get(injection.node()) : null;
        if (open != null && standsAt(open, directory, name)) {
            return write(injection, open);
        }
        // One that is open under another name stays so until it is closed by that.
        if (injection.node() > 0 && open == null) {
            final int object = standing(injection.node(), directory, name);
            if (object >= 0) {
                try {
                    final int errno = touch(injection, object);
                    if (errno == 0) {
                        return 0;
                    }
                } finally {
                    close(object);
                }
            }
        }
        if (injection.closes()) {
            return touchOpen(C.openat(directory, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0), injection);
        }
        return touchByName(injection, directory, name, AT_SYMLINK_NOFOLLOW);
    }

    private int touchByName(final Injection injection, final int directory, final byte[] name, final int flags) {
        int errno = 0;
        for (int i = 0; i < injection.touches().length() && errno == 0; i++) {
            setTimes(injection.touches().charAt(i));
            errno = InjectorLibrary.errno(C.utimensat(directory, name, memory.address(), flags));
        }
        return errno;
    }

    /**
     * A descriptor of O_PATH for an object that the kernel holds by this name in this directory, so that those who watch either
     * are told of it by that name; else negative.
     */
    private int standing(final long node, final int directory, final byte[] name) {
        final int object = byHandle(node);
        if (object < 0) {
            return object;
        }
        if (standsAt(object, directory, name)) {
            return object;
        }
        close(object);
        return NONE;
    }

    /** Whether the kernel knows an object by this name; one that it has dropped does not stand in such a path. */
    private boolean standsAt(final int object, final int directory, final byte[] name) {
        final byte[] parent = path(directory);
        final byte[] path = path(object);
        final int slash = parent.length == 1 ? 0 : parent.length;
        return path.length == slash + name.length
                && path[slash] == '/'
                && Arrays.equals(parent, 0, slash, path, 0, slash)
                && Arrays.equals(name, 0, name.length - 1, path, slash + 1, path.length);
    }

    /** The path of a descriptor in the mount, without a request; empty if it is too long. */
    private byte[] path(final int descriptor) {
        final int length = (int) C.readlink(pathOf(descriptor), text.address(), Limits.PATH_MAX);
        final byte[] path = new byte[length > 0 && length < Limits.PATH_MAX ? length : 0];
        text.bytes().get(0, path);
        return path;
    }

    /** The touches of an object by its descriptor of O_PATH, without any reply that has attributes; 0 or an errno. */
    private int touch(final Injection injection, final int object) {
        final byte[] path = pathOf(object);
        if (injection.opens()) {
            final int descriptor = C.open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
            return descriptor < 0 ? InjectorLibrary.errno(descriptor) : write(injection, descriptor);
        }
        if (injection.touches().indexOf('m') >= 0) {
            return Errno.EOPNOTSUPP;
        }
        int errno = 0;
        for (int i = 0; i < injection.touches().length() && errno == 0; i++) {
            errno = InjectorLibrary.errno(C.setxattr(path, CHANGED, 0, 0, 0));
        }
        return errno;
    }

    /** The touches of a file that is open for writing, and its close if the host has closed it. */
    private int write(final Injection injection, final int descriptor) {
        int errno = 0;
        for (int i = 0; i < injection.touches().length() && errno == 0; i++) {
            errno = InjectorLibrary.errno(
                    injection.touches().charAt(i) == 'm'
                            ? C.fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, 1)
                            : C.fsetxattr(descriptor, CHANGED, 0, 0, 0));
        }
        if (errno == 0 && !injection.closes()) {
            keepWritten(injection.node(), descriptor);
        } else {
            written.remove(injection.node());
            C.close(descriptor);
        }
        return errno;
    }

    /** The touches of a file that was opened for writing by its name, or could not be, and its close. */
    private int touchOpen(final int descriptor, final Injection injection) {
        if (descriptor < 0) {
            return InjectorLibrary.errno(descriptor);
        }
        int errno = 0;
        for (int i = 0; i < injection.touches().length() && errno == 0; i++) {
            setTimes(injection.touches().charAt(i));
            errno = InjectorLibrary.errno(C.futimens(descriptor, memory.address()));
        }
        C.close(descriptor);
        return errno;
    }

    /** The root, or a directory whose parent does not matter. */
    private int touchItself(final Injection injection) {
        if (injection.opens() && written.containsKey(injection.node())) {
            return write(injection, written.get(injection.node()));
        }
        final int object = injection.node() == ROOT ? tree : byHandle(injection.node());
        if (object < 0) {
            return -object;
        }
        try {
            final int errno = touch(injection, object);
            // A file that cannot be opened for writing has its changes told without the close; see Injection.instead.
            return errno == 0 || injection.closes() ? errno : touchByName(injection, AT_FDCWD, pathOf(object), 0);
        } finally {
            release(object);
        }
    }

    /** The modification time alone is to the kernel a change of the data, both times are one of the attributes. */
    private void setTimes(final char touch) {
        clear(memory, TIMES_SIZE);
        memory.bytes().putLong(ATIME_NANOS, touch == 'm' ? UTIME_OMIT : UTIME_NOW);
        memory.bytes().putLong(MTIME_NANOS, UTIME_NOW);
    }
}
