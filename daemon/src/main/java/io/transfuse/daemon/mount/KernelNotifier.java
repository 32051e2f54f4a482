package io.transfuse.daemon.mount;

import io.transfuse.cache.Name;
import io.transfuse.cache.Stale;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.IncEpochOut;
import io.transfuse.daemon.fuse.InvalEntryOut;
import io.transfuse.daemon.fuse.InvalInodeOut;
import io.transfuse.daemon.operation.ChangingFiles;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Limits;
import io.transfuse.transport.NativeBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the kernel what it must not use any more, in a thread of its own: the kernel may make it wait for requests in
 * flight, which the lanes have to answer meanwhile. Nobody waits for this thread. Thread-safe.
 */
final class KernelNotifier implements Stale, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KernelNotifier.class);
    private static final long JOIN_MILLIS = 3_000;
    private static final Notification NOTHING = () -> {};

    private final FuseDevice device;
    private final ChangingFiles changing;
    private final boolean hasEpoch;
    private final boolean canExpire;
    private final LinkedBlockingQueue<Notification> queue = new LinkedBlockingQueue<>();
    private final NativeBuffer memory = NativeBuffer.allocate(InvalInodeOut.SIZE + Limits.NAME_MAX + 1);
    private final Thread thread;

    /** One thing to tell; what it is is in the writer. */
    private interface Notification {
        void tell();
    }

    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ended() {
            super(null, null, false, false);
        }
    }

    /**
     * @param changing is told of each change of an object, and says whether the kernel has to be told, and when
     */
    KernelNotifier(final String name, final FuseDevice device, final ChangingFiles changing, final Negotiation agreed) {
        this.device = device;
        this.changing = changing;
        this.hasEpoch = agreed.hasEpoch();
        this.canExpire = agreed.canExpire();
        this.thread = new Thread(this::run, "notify " + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void name(final long directory, final Name name) {
        queue.add(() -> write(InvalEntryOut.put(memory.bytes(), directory, name.bytes(), false)));
    }

    @Override
    public void doubtfulName(final long directory, final Name name) {
        queue.add(() -> write(InvalEntryOut.put(memory.bytes(), directory, name.bytes(), canExpire)));
    }

    @Override
    public void object(final long node) {
        // Where it may wait, the thread has to know that it has something to wait for.
        queue.add(changing.changed(node) ? () -> tellObject(node) : NOTHING);
    }

    @Override
    public void attributes(final long node) {
        if (changing.attributesChanged(node)) {
            queue.add(() -> {
                InvalInodeOut.putAttributes(memory.bytes(), node);
                write(InvalInodeOut.SIZE);
            });
        }
    }

    @Override
    public void listing(final long directory) {
        queue.add(() -> tellObject(directory));
    }

    private void tellObject(final long node) {
        InvalInodeOut.putAll(memory.bytes(), node);
        write(InvalInodeOut.SIZE);
    }

    @Override
    public boolean everyName() {
        if (!hasEpoch) {
            return false;
        }
        queue.add(() -> {
            IncEpochOut.put(memory.bytes());
            write(IncEpochOut.SIZE);
        });
        return true;
    }

    /** Runs {@code action} when the kernel has been told everything so far. */
    void afterwards(final Runnable action) {
        queue.add(() -> {
            changing.settle(true, this::tellObject);
            action.run();
        });
    }

    private void write(final int length) {
        final int errno = device.write(memory, 0, length);
        // ENOENT: the kernel does not know the node or name, or not any more.
        if (errno == Errno.ENODEV || errno == Errno.ENOTCONN) {
            throw new Ended();
        }
        if (errno != 0 && errno != Errno.ENOENT && errno != Errno.ENOTDIR) {
            LOG.warn("The kernel refuses a notification: {}", Errno.name(errno));
        }
    }

    private void run() {
        try {
            while (true) {
                final long nanos = changing.nanosUntilSettled();
                final Notification next = nanos < 0 ? queue.take() : queue.poll(nanos, TimeUnit.NANOSECONDS);
                if (next != null) {
                    next.tell();
                }
                changing.settle(false, this::tellObject);
            }
        } catch (final Ended e) {
            LOG.debug("{} ends with its mount", Thread.currentThread().getName());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
