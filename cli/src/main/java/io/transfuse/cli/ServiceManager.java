package io.transfuse.cli;

import io.transfuse.transport.NativeBuffer;
import io.transfuse.transport.SocketLibrary;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process, told how it does by datagrams to the socket in $NOTIFY_SOCKET; see
 * sd_notify(3). Java has no UNIX datagram sockets. Without a manager nothing is done. Thread-safe.
 */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;

    /** sockaddr_un of unix(7): the family, then the path. */
    private static final int PATH_OFFSET = 2;

    private static final int PATH_MAX = 108;

    private final byte[] path;
    private final long watchdogMillis;

    private ServiceManager(final byte[] path, final long watchdogMillis) {
        this.path = path;
        this.watchdogMillis = watchdogMillis;
    }

    /** The one that the environment names. */
    static ServiceManager ofEnvironment() {
        return of(System.getenv("NOTIFY_SOCKET"), System.getenv("WATCHDOG_USEC"), System.getenv("WATCHDOG_PID"));
    }

    /** As {@link #ofEnvironment}, with these variables, null where they are not set. */
    static ServiceManager of(final String socket, final String watchdogMicros, final String watchdogPid) {
        if (socket == null || !(socket.startsWith("/") || socket.startsWith("@"))) {
            if (socket != null) {
                LOG.warn("NOTIFY_SOCKET is '{}', which is neither a path nor an abstract name: not told", socket);
            }
            return new ServiceManager(null, 0);
        }
        final byte[] path = socket.getBytes(StandardCharsets.UTF_8);
        if (path.length > PATH_MAX) {
            LOG.warn("NOTIFY_SOCKET has {} bytes, {} are possible: not told", path.length, PATH_MAX);
            return new ServiceManager(null, 0);
        }
        if (path[0] == '@') {
            path[0] = 0;
        }
        return new ServiceManager(path, watchdogMillis(watchdogMicros, watchdogPid));
    }

    private static long watchdogMillis(final String micros, final String pid) {
        try {
            final boolean mine = pid == null
                    || Long.parseLong(pid) == ProcessHandle.current().pid();
            return micros == null || !mine ? 0 : TimeUnit.MICROSECONDS.toMillis(Long.parseLong(micros));
        } catch (final NumberFormatException e) {
            LOG.warn("WATCHDOG_USEC or WATCHDOG_PID is no number: {}", e.getMessage());
            return 0;
        }
    }

    boolean isThere() {
        return path != null;
    }

    /** After how long without {@link #alive} the manager restarts this process, in milliseconds; 0 if it does not. */
    long watchdogMillis() {
        return watchdogMillis;
    }

    /** The service does what it is for, and {@code status} in a few words. */
    void ready(final String status) {
        send("READY=1\nSTATUS=" + status.replace('\n', ' '));
    }

    void status(final String status) {
        send("STATUS=" + status.replace('\n', ' '));
    }

    void alive() {
        send("WATCHDOG=1");
    }

    void stopping() {
        send("STOPPING=1");
    }

    private void send(final String message) {
        if (path == null) {
            return;
        }
        final byte[] text = message.getBytes(StandardCharsets.UTF_8);
        final NativeBuffer address = NativeBuffer.allocate(PATH_OFFSET + PATH_MAX);
        address.bytes().putShort(0, (short) AF_UNIX).put(PATH_OFFSET, path);
        // An abstract name is as long as it is, and a path that fills the whole field has no NUL.
        final int end = path[0] == 0 ? 0 : 1;
        final int length = Math.min(PATH_OFFSET + path.length + end, address.capacity());
        final NativeBuffer datagram = NativeBuffer.allocate(text.length);
        datagram.bytes().put(0, text);
        final int socket = SocketLibrary.INSTANCE.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        try {
            if (socket < 0
                    || SocketLibrary.INSTANCE.connect(socket, address.address(), length) != 0
                    || SocketLibrary.INSTANCE.write(socket, datagram.address(), text.length) != text.length) {
                LOG.warn("The service manager could not be told '{}': errno {}", message, SocketLibrary.errno());
            }
        } finally {
            Reference.reachabilityFence(address);
            Reference.reachabilityFence(datagram);
            if (socket >= 0) {
                SocketLibrary.INSTANCE.close(socket);
            }
        }
    }
}
