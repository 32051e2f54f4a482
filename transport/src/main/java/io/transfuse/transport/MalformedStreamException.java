package io.transfuse.transport;

/** The bytes of a multiplexed stream are not what its peer should have sent: the session on it is over. */
final class MalformedStreamException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedStreamException(final String message) {
        super(message);
    }
}
