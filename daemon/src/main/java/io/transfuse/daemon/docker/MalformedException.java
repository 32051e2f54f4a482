package io.transfuse.daemon.docker;

import java.io.IOException;

/** What a peer sent is no HTTP/1, or could be understood in two ways. */
final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedException(final String message) {
        super(message);
    }
}
