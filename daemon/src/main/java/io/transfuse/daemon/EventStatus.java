package io.transfuse.daemon;

/**
 * What a mount does with the changes of the host that the guest's programs are told of by inotify(7).
 *
 * @param state {@link #ON}, {@link #OFF} or {@link #UNAVAILABLE}
 * @param delivered events that the kernel has told
 * @param dropped events that nobody could watch for, or that the kernel refused to make
 * @param waiting events that are to be delivered
 * @param injectorRestarts how often the process that makes the events died, for all mounts of the daemon
 */
public record EventStatus(String state, long delivered, long dropped, long waiting, long injectorRestarts) {
    /** The host tells what happens. */
    public static final String ON = "on";

    /** Nobody wants events: {@code events=off}. */
    public static final String OFF = "off";

    /** The host cannot tell, or this daemon may not make events; the log says which. */
    public static final String UNAVAILABLE = "unavailable";
}
