package io.transfuse.protocol;

/** What a {@link Lseek} looks for. */
public final class SeekWhence {
    /** SEEK_DATA. */
    public static final int DATA = 0;

    /** SEEK_HOLE. */
    public static final int HOLE = 1;

    private SeekWhence() {}
}
