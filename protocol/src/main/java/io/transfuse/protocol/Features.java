package io.transfuse.protocol;

/** Bits by which peers tell what they can do beyond the first version. Both sides use what both announced. */
public final class Features {
    /**
     * The host tells of changes by {@link Invalidate}, replies say by {@link ReplyFlags} what may be remembered;
     * {@link Listdir}.
     */
    public static final long INVALIDATIONS = 1;

    /** The reply of {@link Open} carries attributes and the content of a small file; needs INVALIDATIONS. */
    public static final long CONTENTS = 1 << 1;

    /** The host tells what others than the guest did, by {@link Event}; with or without INVALIDATIONS. */
    public static final long EVENTS = 1 << 2;

    /**
     * The host checks whether the caller of a request may do what it asks for, by the attributes as the guest is shown
     * them; {@link Credentials}, {@link Access}. For a mount whose kernel does not.
     */
    public static final long PERMISSIONS = 1 << 4;

    /**
     * With PERMISSIONS: who does not own a file may link it only if it is a plain one that the caller may read and
     * write, as fs.protected_hardlinks says in the guest; see proc_sys_fs(5).
     */
    public static final long PROTECTED_HARDLINKS = 1 << 5;

    /** Both sides prove that they know the same {@link Secret}; announced by a guest that has one, with a nonce. */
    public static final long AUTHENTICATION = 1 << 8;

    /** A connection for the guest's log: {@link Hello.Log}, {@link LogRecord}. Announced on such a connection alone. */
    public static final long LOG = 1 << 9;

    /** A lane's greeting may say on which {@link Processor} the guest's end of it is: it does where it has this bit. */
    public static final long PROCESSOR = 1 << 10;

    /** What this code can do without being configured to. */
    public static final long SUPPORTED =
            INVALIDATIONS | CONTENTS | EVENTS | PERMISSIONS | PROTECTED_HARDLINKS | PROCESSOR;

    private Features() {}
}
