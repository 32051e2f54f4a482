package io.transfuse.daemon.fuse;

import io.transfuse.protocol.Errno;
import io.transfuse.transport.NativeBuffer;
import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open /dev/fuse. A request must be answered on the descriptor that it was read from. One thread reads at a time;
 * any thread may write. Kernel: fs/fuse/dev.c.
 */
public final class FuseDevice implements Closeable {
    private static final String PATH = "/dev/fuse";
    private static final int O_RDWR = 2;
    private static final int O_NONBLOCK = 04000;
    private static final int F_SETFL = 4;
    private static final int O_CLOEXEC = 02000000;
    private static final long FUSE_DEV_IOC_CLONE = 0x8004e500L;

    private final int descriptor;
    private final AtomicBoolean closed = new AtomicBoolean();

    public FuseDevice(final int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens the device.
     *
     * @throws IOException with a message for the user
     */
    public static FuseDevice open() throws IOException {
        final int descriptor = FuseLibrary.INSTANCE.open(PATH, O_RDWR | O_CLOEXEC);
        if (descriptor < 0) {
            switch (FuseLibrary.errno()) {
                case Errno.ENOENT:
                case Errno.ENODEV:
                case Errno.ENXIO:
                    throw new IOException(
                            "there is no " + PATH + ": load the kernel's module fuse ('modprobe fuse'), or"
                                    + " give the container --device /dev/fuse");
                case Errno.EACCES:
                case Errno.EPERM:
                    throw new IOException(
                            "no permission to open " + PATH + ": run as root, or give this user access to the device");
                default:
                    throw new IOException("cannot open " + PATH + ": " + Errno.name(FuseLibrary.errno()));
            }
        }
        return new FuseDevice(descriptor);
    }

    /** Another descriptor of the same mount, with a queue of its own for what it has read. */
    public FuseDevice cloneDevice() throws IOException {
        final FuseDevice clone = open();
        final NativeBuffer argument = NativeBuffer.allocate(Integer.BYTES);
        argument.bytes().putInt(0, descriptor);
        final int status = FuseLibrary.INSTANCE.ioctl(clone.descriptor, FUSE_DEV_IOC_CLONE, argument.address());
        Reference.reachabilityFence(argument);
        if (status != 0) {
            final int errno = FuseLibrary.errno();
            clone.close();
            throw new IOException("cannot clone " + PATH + ": " + Errno.name(errno));
        }
        return clone;
    }

    /** The descriptor's number, for mount(2). */
    public int descriptor() {
        return descriptor;
    }

    /**
     * As {@link #read}, for a thread that expects a request within microseconds: it looks for one for so long, letting
     * others use the processor, before it goes to sleep. To be woken costs more.
     *
     * @param nanos how long to look
     */
    public int readSoon(final NativeBuffer buffer, final long nanos) throws IOException {
        if (FuseLibrary.INSTANCE.fcntl(descriptor, F_SETFL, O_RDWR | O_NONBLOCK) == 0) {
            try {
                final long until = System.nanoTime() + nanos;
                do {
                    final long length = FuseLibrary.INSTANCE.read(descriptor, buffer.address(), buffer.capacity());
                    if (length >= 0) {
                        return (int) length;
                    }
                    if (FuseLibrary.errno() != Errno.EAGAIN) {
                        break;
                    }
                    FuseLibrary.INSTANCE.sched_yield();
                } while (System.nanoTime() - until < 0);
            } finally {
                FuseLibrary.INSTANCE.fcntl(descriptor, F_SETFL, O_RDWR);
            }
        }
        return read(buffer);
    }

    /**
     * Waits for a request and reads it to index 0.
     *
     * @return its length in bytes, or -1 when the mount has ended
     */
    public int read(final NativeBuffer buffer) throws IOException {
        while (true) {
            final long length = FuseLibrary.INSTANCE.read(descriptor, buffer.address(), buffer.capacity());
            if (length >= 0) {
                return (int) length;
            }
            switch (FuseLibrary.errno()) {
                case Errno.ENODEV:
                case Errno.ECONNABORTED:
                    return -1;
                case Errno.EINTR:
                case Errno.EAGAIN:
                case Errno.ENOENT:
                    // ENOENT: the request was taken back while it was being read.
                    continue;
                default:
                    throw new IOException("cannot read " + PATH + ": " + Errno.name(FuseLibrary.errno()));
            }
        }
    }

    /**
     * Writes a reply or a notification.
     *
     * @return 0, or an errno: ENOENT when the request has been taken back, ENODEV when the mount has ended, EINVAL for
     *     a reply that the kernel does not understand
     */
    public int write(final NativeBuffer buffer, final int at, final int length) {
        while (true) {
            final long written = FuseLibrary.INSTANCE.write(descriptor, buffer.address(at), length);
            if (written >= 0) {
                return 0;
            }
            final int errno = FuseLibrary.errno();
            if (errno != Errno.EINTR) {
                return errno;
            }
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            FuseLibrary.INSTANCE.close(descriptor);
        }
    }
}
