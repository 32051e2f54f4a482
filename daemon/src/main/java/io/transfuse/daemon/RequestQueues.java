package io.transfuse.daemon;

/** Where the daemon takes the kernel's requests from. */
public enum RequestQueues {
    /**
     * Each processor has a queue of its own, an io_uring, so that a request is answered on the processor where it is made. Linux
     * 6.14 and newer; as root, or where root has switched it on. Elsewhere as {@link #DEVICE}.
     */
    PROCESSORS,

    /** All are read from /dev/fuse. */
    DEVICE
}
