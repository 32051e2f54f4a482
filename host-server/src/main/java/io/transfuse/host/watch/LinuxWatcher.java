package io.transfuse.host.watch;

import io.transfuse.host.posix.FileSystemIdentity;
import io.transfuse.host.posix.LinuxEvents;
import io.transfuse.host.posix.Posix;
import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the watchers of Linux have in common: the table of watches, and the thread that reads the kernel's queue and tells
 * the listener. {@code K} identifies a watched object in the kernel's events.
 */
abstract class LinuxWatcher<K> implements Watcher {
    /** Room for more than a hundred of the longest events. */
    static final int BUFFER_SIZE = 64 * 1024;

    /** Longer than any event: two names, three handles and what goes before them. */
    private static final int EVENT_SIZE_MAX = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(LinuxWatcher.class);

    /**
     * File systems whose files change elsewhere, without an event here, or change by themselves; numbers of
     * linux/magic.h. In order: NFS, CIFS, SMB2, 9p, FUSE (and virtiofs), Ceph, AFS, Coda, OCFS2, GFS2, proc, sysfs.
     */
    private static final Set<Integer> SILENT_FILE_SYSTEMS = Set.of(
            0x6969,
            0xff534d42,
            0xfe534d42,
            0x01021997,
            0x65735546,
            0x00c36400,
            0x5346414f,
            0x73757245,
            0x7461636f,
            0x01161970,
            0x9fa0,
            0x62656572);

    /**
     * How long the queue is left alone when all that was in it was of this process: the kernel merges what comes meanwhile, which
     * is a wake-up less for each call of a guest that writes. The changes of others are told that much later.
     */
    private static final long OWN_PAUSE_NANOS = 2_000_000;

    /** One watch. */
    record Watch<K>(long number, K key, boolean directory) {}

    private final Posix posix;
    private final Listener listener;
    private final String name;

    /** Descriptor of the kernel's queue. */
    private final int queue;

    /** Descriptor that wakes up the thread when the watcher closes. */
    private final int wakeUp;

    private final int ownProcess = (int) ProcessHandle.current().pid();
    private final NativeBuffer buffer = NativeBuffer.allocate(BUFFER_SIZE);
    private final Thread thread;

    /**
     * Held while the kernel's watches and the two maps are brought from one state to the next, and while the descriptors
     * are closed; never during a call to the listener.
     */
    private final Object lock = new Object();

    private final Map<K, Watch<K>> byKey = new ConcurrentHashMap<>();
    private final Map<Long, Watch<K>> byNumber = new ConcurrentHashMap<>();

    private final Queue<Runnable> afterPending = new ConcurrentLinkedQueue<>();

    private volatile boolean closed;

    /** Guarded by the lock: no descriptor may be used any more. */
    private boolean released;

    /** Takes possession of the descriptors {@code queue} and {@code wakeUp}. */
    LinuxWatcher(final Posix posix, final Listener listener, final String name, final int queue, final int wakeUp) {
        this.posix = posix;
        this.listener = listener;
        this.name = name;
        this.queue = queue;
        this.wakeUp = wakeUp;
        this.thread = new Thread(this::run, "watch-" + name);
        thread.setDaemon(true);
    }

    /** Completes a start: the watcher reads from now on. */
    final void startReading() {
        thread.start();
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int watch(final long watch, final int descriptor, final long objectName, final boolean directory) {
        if (objectName == posix.self()) {
            return watchObject(watch, descriptor, directory);
        }
        final int object = posix.openReference(descriptor, objectName);
        if (object < 0) {
            return object;
        }
        try {
            return watchObject(watch, object, directory);
        } finally {
            posix.close(object);
        }
    }

    private int watchObject(final long number, final int object, final boolean directory) {
        final FileSystemIdentity fileSystem = new FileSystemIdentity();
        final int status = LinuxEvents.identify(object, fileSystem);
        if (status < 0) {
            return status;
        }
        return SILENT_FILE_SYSTEMS.contains(fileSystem.type)
                ? -Errno.EOPNOTSUPP
                : watchObject(number, object, directory, fileSystem);
    }

    /** Watches what {@code object} refers to, which lies in {@code fileSystem}. */
    abstract int watchObject(long number, int object, boolean directory, FileSystemIdentity fileSystem);

    @Override
    public final void unwatch(final long watch, final int descriptor, final long objectName) {
        if (descriptor == -1 || objectName == posix.self()) {
            unwatchObject(watch, descriptor);
            return;
        }
        final int object = posix.openReference(descriptor, objectName);
        try {
            unwatchObject(watch, object < 0 ? -1 : object);
        } finally {
            if (object >= 0) {
                posix.close(object);
            }
        }
    }

    /** Ends a watch; {@code object} refers to its object, to what stands at its name now, or is -1. */
    abstract void unwatchObject(long number, int object);

    @Override
    public final void close() {
        closed = true;
        synchronized (lock) {
            if (!released) {
                LinuxEvents.wakeUp(wakeUp);
            }
        }
        if (Thread.currentThread() != thread) {
            joinThread();
        }
    }

    private void joinThread() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed) {
                final int ready = LinuxEvents.await(queue, wakeUp);
                if (ready < 0) {
                    throw new IllegalStateException("Waiting for events fails with " + Errno.name(-ready));
                }
                if (ready == 1) {
                    LinuxEvents.clearWakeUp(wakeUp);
                }
                if (!closed && readSome() && afterPending.isEmpty()) {
                    LockSupport.parkNanos(OWN_PAUSE_NANOS);
                }
            }
        } catch (final RuntimeException e) {
            LOG.error("Watching by {} ends", name, e);
            tellFailure();
        } finally {
            release();
        }
    }

    /** Returns whether there were events, and all of this process. */
    private boolean readSome() {
        final int tasks = afterPending.size();
        boolean own = false;
        final int length = LinuxEvents.read(queue, buffer);
        if (length > 0) {
            own = !receive(buffer.bytes(), length);
        } else if (length != -Errno.EAGAIN && length != -Errno.EINTR) {
            throw new IllegalStateException("Reading events fails with " + Errno.name(-length));
        }
        if (length == -Errno.EAGAIN || length > 0 && length < BUFFER_SIZE - EVENT_SIZE_MAX) {
            // There was no more when it read.
            runTasks(tasks);
        }
        return own;
    }

    private void runTasks(final int count) {
        for (int i = 0; i < count; i++) {
            afterPending.remove().run();
        }
    }

    @Override
    public final int callingThread() {
        return LinuxEvents.threadId();
    }

    @Override
    public final void afterPending(final Runnable task) {
        afterPending.add(task);
        synchronized (lock) {
            if (!released) {
                LinuxEvents.wakeUp(wakeUp);
            }
        }
        LockSupport.unpark(thread);
    }

    /**
     * Tells the events that were read into {@code bytes}; throws if they are not as they should be.
     *
     * @return whether some may be of other processes
     */
    abstract boolean receive(ByteBuffer bytes, int length);

    private void tellFailure() {
        final List<Watch<K>> watches;
        synchronized (lock) {
            watches = new ArrayList<>(byNumber.values());
            watches.forEach(this::forget);
            closed = true;
        }
        try {
            listener.lost();
            watches.forEach(watch -> listener.ended(watch.number()));
        } catch (final RuntimeException e) {
            LOG.error("Nor can it be told", e);
        }
    }

    private void release() {
        synchronized (lock) {
            released = true;
            closed = true;
            posix.close(queue);
            posix.close(wakeUp);
            byKey.clear();
            byNumber.clear();
        }
    }

    /** See {@link #lock}. */
    final Object lock() {
        return lock;
    }

    /** See {@link #queue}. */
    final int queue() {
        return queue;
    }

    /** Whether nothing more may be told or watched. */
    final boolean isClosed() {
        return closed;
    }

    /** The watch of {@code key}, or null. */
    final Watch<K> findByKey(final K key) {
        return byKey.get(key);
    }

    /** The watch {@code number}, or null. */
    final Watch<K> findByNumber(final long number) {
        return byNumber.get(number);
    }

    /** Under the lock. */
    final void remember(final Watch<K> watch) {
        byKey.put(watch.key(), watch);
        byNumber.put(watch.number(), watch);
    }

    /** Under the lock; false if it was forgotten before. */
    final boolean forget(final Watch<K> watch) {
        byKey.remove(watch.key(), watch);
        return byNumber.remove(watch.number(), watch);
    }

    final void tellNameChanged(final Watch<K> watch, final byte[] childName) {
        if (!closed) {
            listener.nameChanged(watch.number(), childName);
        }
    }

    final void tellChildChanged(final Watch<K> watch, final byte[] childName) {
        if (!closed) {
            listener.childChanged(watch.number(), childName);
        }
    }

    final void tellChanged(final Watch<K> watch) {
        if (!closed) {
            listener.changed(watch.number());
        }
    }

    final void tellDirectoryChanged(final Watch<K> watch) {
        if (!closed) {
            listener.directoryChanged(watch.number());
        }
    }

    final void tellLost() {
        if (!closed) {
            listener.lost();
        }
    }

    final void tellHappened(final Change change) {
        if (!closed) {
            listener.happened(change);
        }
    }

    final boolean isThreadOfThisProcess(final int thread) {
        return LinuxEvents.isThreadOf(ownProcess, thread) || listener.isOwnThread(thread);
    }

    /** Forgets the watch, unless that has been done already, and tells its end. */
    final void tellEnded(final Watch<K> watch) {
        synchronized (lock) {
            if (!forget(watch)) {
                return;
            }
        }
        if (!closed) {
            listener.ended(watch.number());
        }
    }
}
