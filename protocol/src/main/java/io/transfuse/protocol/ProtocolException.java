package io.transfuse.protocol;

/** The peer sent bytes that the protocol does not allow; the connection that carried them must be closed. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    public ProtocolException(final String message) {
        super(message);
    }
}
