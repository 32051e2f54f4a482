package io.transfuse.transport;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A character device as a byte stream: a virtio-serial port, or a terminal, whose line discipline is switched off. Its
 * calls wait in poll(2), since shutdown(2) is for sockets only.
 */
final class DeviceConnection implements Connection {
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;
    private static final int POLLFD_SIZE = 8;
    private static final int EVENTS = 4;
    private static final int REVENTS = 6;

    /** More than struct termios has on any platform. */
    private static final int TERMIOS_SIZE = 256;

    private static final int TCSANOW = 0;

    private final Path path;
    private final int descriptor;

    /** Readable once the connection is shut down; by the other end it is made so. */
    private final int wakeRead;

    private final int wakeWrite;
    private final NativeBuffer readPoll = NativeBuffer.allocate(2 * POLLFD_SIZE);
    private final NativeBuffer writePoll = NativeBuffer.allocate(2 * POLLFD_SIZE);
    private final AtomicBoolean shutDown = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile int timeoutMillis;

    private DeviceConnection(final Path path, final int descriptor, final int[] wake) {
        this.path = path;
        this.descriptor = descriptor;
        this.wakeRead = wake[0];
        this.wakeWrite = wake[1];
    }

    /**
     * Opens the device.
     *
     * @throws IOException with a message that names it and the cause
     */
    static DeviceConnection open(final Path path) throws IOException {
        final byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
        final int descriptor = SocketLibrary.INSTANCE.open(Arrays.copyOf(name, name.length + 1), Platform.OPEN_DEVICE);
        if (descriptor < 0) {
            throw new IOException("cannot open " + path + ": " + SocketErrors.describe(SocketLibrary.errno()));
        }
        final int[] wake = new int[2];
        if (SocketLibrary.INSTANCE.pipe(wake) != 0) {
            final int errno = SocketLibrary.errno();
            SocketLibrary.INSTANCE.close(descriptor);
            throw new IOException("cannot open " + path + ": " + SocketErrors.describe(errno));
        }
        final DeviceConnection connection = new DeviceConnection(path, descriptor, wake);
        connection.makeRaw();
        return connection;
    }

    private void makeRaw() {
        final NativeBuffer terminal = NativeBuffer.allocate(TERMIOS_SIZE);
        if (SocketLibrary.INSTANCE.tcgetattr(descriptor, terminal.address()) == 0) {
            SocketLibrary.INSTANCE.cfmakeraw(terminal.address());
            SocketLibrary.INSTANCE.tcsetattr(descriptor, TCSANOW, terminal.address());
        }
        Reference.reachabilityFence(terminal);
    }

    @Override
    public Peer peer() {
        return new Peer.Device(path);
    }

    @Override
    public int read(final NativeBuffer buffer, final int at, final int most) throws IOException {
        while (!shutDown.get()) {
            final long count = SocketLibrary.INSTANCE.read(descriptor, buffer.address(at), most);
            if (count > 0) {
                return (int) count;
            }
            if (count == 0) {
                return -1;
            }
            final int errno = SocketLibrary.errno();
            if (errno == SocketErrors.EAGAIN) {
                if (poll(readPoll, POLLIN, timeoutMillis > 0 ? timeoutMillis : -1) == 0) {
                    throw new IOException(
                            "cannot read from " + path + ": nothing came within " + timeoutMillis + " ms");
                }
            } else if (errno != SocketErrors.EINTR) {
                throw new IOException("cannot read from " + path + ": " + SocketErrors.describe(errno));
            }
        }
        return -1;
    }

    /** Waits until the device can be read or written, or the connection is shut down; 0 when the time is over. */
    private int poll(final NativeBuffer list, final short events, final int millis) throws IOException {
        list.bytes().putInt(0, descriptor);
        list.bytes().putShort(EVENTS, events);
        list.bytes().putInt(POLLFD_SIZE, wakeRead);
        list.bytes().putShort(POLLFD_SIZE + EVENTS, POLLIN);
        final int ready = SocketLibrary.INSTANCE.poll(list.address(), 2, millis);
        if (ready < 0 && SocketLibrary.errno() != SocketErrors.EINTR) {
            throw new IOException("cannot wait for " + path + ": " + SocketErrors.describe(SocketLibrary.errno()));
        }
        return ready;
    }

    @Override
    public void setReadTimeout(final int millis) {
        timeoutMillis = millis;
    }

    @Override
    public void writeFully(final NativeBuffer buffer, final int at, final int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (shutDown.get()) {
                throw new IOException("cannot write to " + path + ": the connection is closed");
            }
            final long count = SocketLibrary.INSTANCE.write(descriptor, buffer.address(at + done), length - done);
            if (count >= 0) {
                done += (int) count;
            } else if (SocketLibrary.errno() == SocketErrors.EAGAIN) {
                awaitRoom();
            } else if (SocketLibrary.errno() != SocketErrors.EINTR) {
                throw new IOException("cannot write to " + path + ": " + SocketErrors.describe(SocketLibrary.errno()));
            }
        }
    }

    private void awaitRoom() throws IOException {
        final int ready = poll(writePoll, POLLOUT, -1);
        final int found = writePoll.bytes().getShort(REVENTS);
        if (ready > 0 && found != 0 && (found & POLLOUT) == 0) {
            // POLLHUP: of a virtio-serial port whose other end nobody has opened.
            throw new IOException("cannot write to " + path + ": nobody has opened the other end");
        }
    }

    @Override
    public void shutdown() {
        if (!closed.get() && shutDown.compareAndSet(false, true)) {
            final NativeBuffer one = NativeBuffer.allocate(1);
            SocketLibrary.INSTANCE.write(wakeWrite, one.address(), 1);
            Reference.reachabilityFence(one);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            SocketLibrary.INSTANCE.close(descriptor);
            SocketLibrary.INSTANCE.close(wakeRead);
            SocketLibrary.INSTANCE.close(wakeWrite);
        }
    }
}
