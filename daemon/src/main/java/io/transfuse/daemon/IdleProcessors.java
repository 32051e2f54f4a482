package io.transfuse.daemon;

/** What idle processors of the guest are asked to do while programs ask a mount for much. */
public enum IdleProcessors {
    /**
     * They poll for work: a request, which wakes four threads one after the other, takes about half the time. It costs
     * power and, in a virtual machine, the host's processor time. Only root may ask for it.
     */
    POLL,

    /** They sleep as at all times. */
    SLEEP
}
