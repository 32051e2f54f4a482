package io.transfuse.transport;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a host server listens and a daemon connects to, as written on the command line. */
public sealed interface Address permits Address.Unix, Address.Vsock, Address.Device {

    /**
     * A UNIX socket with a connection for each lane.
     *
     * @param path at most {@link #PATH_MAX} bytes long
     */
    record Unix(Path path) implements Address {
        /** What sockaddr_un holds on the strictest platform (macOS), in bytes; see unix(7). */
        public static final int PATH_MAX = 103;

        public Unix {
            if (path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_MAX) {
                throw new IllegalArgumentException(
                        "the socket path " + path + " is longer than " + PATH_MAX + " bytes");
            }
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * A port between a virtual machine and its host; see vsock(7).
     *
     * @param cid context id of the machine to connect to, {@link #CID_ANY} for the one that listens
     * @param port 0 to 2^32-2
     */
    record Vsock(long cid, long port) implements Address {
        /** VMADDR_CID_ANY of linux/vm_sockets.h. */
        public static final long CID_ANY = 0xffff_ffffL;

        /** VMADDR_PORT_ANY, which is no port to be named. */
        private static final long PORT_ANY = 0xffff_ffffL;

        public Vsock {
            if (cid < 0 || cid > CID_ANY) {
                throw new IllegalArgumentException("the vsock context id " + cid + " is not below " + CID_ANY);
            }
            if (port < 0 || port >= PORT_ANY) {
                throw new IllegalArgumentException("the vsock port " + port + " is not below " + PORT_ANY);
            }
        }

        @Override
        public String toString() {
            return "vsock:" + (cid == CID_ANY ? "" : cid + ":") + port;
        }
    }

    /**
     * A single stream on which all connections are multiplexed: a character device such as a virtio-serial port, or the
     * UNIX socket at which its other end appears on the host.
     */
    record Device(Path path) implements Address {
        @Override
        public String toString() {
            return "dev:" + path;
        }
    }

    /**
     * Reads an address to connect to: {@code unix:PATH}, {@code vsock:CID:PORT} or {@code dev:PATH}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Address toConnect(final String text) {
        return Parser.parse(text, Parser.CONNECT_FORMS, true);
    }

    /**
     * Reads an address to listen at: {@code unix:PATH}, {@code vsock:PORT} or {@code dev:PATH}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Address toListen(final String text) {
        return Parser.parse(text, Parser.LISTEN_FORMS, false);
    }

    /** The forms of the command line. */
    final class Parser {
        static final String CONNECT_FORMS = "unix:PATH, vsock:CID:PORT and dev:PATH";
        static final String LISTEN_FORMS = "unix:PATH, vsock:PORT and dev:PATH";
        private static final Pattern VSOCK = Pattern.compile("vsock:(?:(\\d{1,10}):)?(\\d{1,10})");

        private Parser() {}

        static Address parse(final String text, final String forms, final boolean hasCid) {
            if (text.startsWith("unix:") && text.length() > "unix:".length()) {
                return new Unix(path(text.substring("unix:".length())));
            }
            if (text.startsWith("dev:") && text.length() > "dev:".length()) {
                return new Device(path(text.substring("dev:".length())));
            }
            final Matcher vsock = VSOCK.matcher(text);
            if (vsock.matches() && hasCid == (vsock.group(1) != null)) {
                final long cid = hasCid ? Long.parseLong(vsock.group(1)) : Vsock.CID_ANY;
                if (hasCid && cid == Vsock.CID_ANY) {
                    throw new IllegalArgumentException("the vsock context id " + cid + " is that of nobody");
                }
                return new Vsock(cid, Long.parseLong(vsock.group(2)));
            }
            throw new IllegalArgumentException("unknown address '" + text + "': known are " + forms);
        }

        private static Path path(final String text) {
            try {
                return Path.of(text);
            } catch (final InvalidPathException e) {
                throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
            }
        }
    }
}
