package io.transfuse.transport;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where a host server listens and a daemon connects to, as written on the command line. */
public sealed interface Address permits Address.Unix {

    /**
     * A UNIX socket.
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
     * Reads {@code unix:PATH}.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Address parse(final String text) {
        if (text.startsWith("unix:") && text.length() > "unix:".length()) {
            return new Unix(Path.of(text.substring("unix:".length())));
        }
        throw new IllegalArgumentException("unknown address '" + text + "': known is unix:PATH");
    }
}
