package io.transfuse.protocol;

/** The kinds of lock of {@link Setlk} and {@link Getlk}. */
public final class LockType {
    /** Shared. */
    public static final int READ = 0;

    /** Exclusive. */
    public static final int WRITE = 1;

    /** None: gives up what is held in the range. */
    public static final int UNLOCK = 2;

    private LockType() {}
}
