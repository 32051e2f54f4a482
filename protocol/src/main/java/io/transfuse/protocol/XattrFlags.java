package io.transfuse.protocol;

/** How a {@link Setxattr} treats an existing attribute; see setxattr(2). */
public final class XattrFlags {
    /** Fail with EEXIST where it exists. */
    public static final int CREATE = 1;

    /** Fail with ENODATA where it does not. */
    public static final int REPLACE = 1 << 1;

    /** Every bit that is defined. */
    public static final int ALL = 3;

    private XattrFlags() {}
}
