package io.transfuse.bench;

/** Why the benchmark ends without a result, in a line that its user can act on. */
final class BenchException extends Exception {
    private static final long serialVersionUID = 1;

    BenchException(final String message) {
        super(message);
    }
}
