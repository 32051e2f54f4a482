package io.transfuse.protocol;

/** What a caller wants to do with an object, as the bits of a mode's classes. */
public final class AccessMask {
    /** X_OK: execute a file, search a directory. */
    public static final int EXECUTE = 1;

    /** W_OK. */
    public static final int WRITE = 2;

    /** R_OK. */
    public static final int READ = 4;

    /** Every bit that is defined. */
    public static final int ALL = EXECUTE | WRITE | READ;

    private AccessMask() {}
}
