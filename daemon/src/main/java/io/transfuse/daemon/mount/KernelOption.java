package io.transfuse.daemon.mount;

/** What the kernel is to see to at a mount, beside what callers ask of the daemon. */
enum KernelOption {
    /** Nothing may be changed. */
    READ_ONLY,

    /** The kernel checks what callers may do, by attributes that it asks the daemon for; otherwise the host does. */
    DEFAULT_PERMISSIONS,

    /** The injector may make a writable clone of the mount, also where it is {@link #READ_ONLY} for everybody else. */
    INJECTED
}
