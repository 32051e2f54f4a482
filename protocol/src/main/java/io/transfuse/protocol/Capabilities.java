package io.transfuse.protocol;

/** Capabilities of a caller that permissions depend on, as bits of {@link Credentials}; see capabilities(7). */
public final class Capabilities {
    /** CAP_CHOWN: may set any owner and group. */
    public static final int CHOWN = 1;

    /** CAP_DAC_OVERRIDE: may read, write and search whatever the mode says. */
    public static final int DAC_OVERRIDE = 1 << 1;

    /** CAP_DAC_READ_SEARCH: may read files, and read and search directories, whatever the mode says. */
    public static final int DAC_READ_SEARCH = 1 << 2;

    /** CAP_FOWNER: may do what else only the owner may. */
    public static final int FOWNER = 1 << 3;

    /** CAP_FSETID: may set the set-group-id bit for a group that it is not in. */
    public static final int FSETID = 1 << 4;

    private Capabilities() {}
}
