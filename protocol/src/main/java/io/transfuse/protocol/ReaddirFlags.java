package io.transfuse.protocol;

/** What a {@link Readdir} answers beside the names. */
public final class ReaddirFlags {
    /** Node and attributes of each entry, one lookup counted. */
    public static final int ATTRIBUTES = 1;

    private ReaddirFlags() {}
}
