package io.transfuse.daemon;

/**
 * How the daemon uses the guest's kernel where there is a choice.
 *
 * @param idleProcessors what idle processors do while a mount has many requests
 * @param requestQueues where the kernel's requests come from
 */
public record GuestTuning(IdleProcessors idleProcessors, RequestQueues requestQueues) {
    /** What is fastest. */
    public static final GuestTuning DEFAULT = new GuestTuning(IdleProcessors.POLL, RequestQueues.PROCESSORS);
}
