package io.transfuse.daemon;

import io.transfuse.protocol.ConsistencyMode;
import java.util.List;

/**
 * What a mount is doing.
 *
 * @param spec what was asked for
 * @param effectiveMode the consistency that the mount has, which may be stronger than what was asked for
 * @param state {@link #MOUNTED} or {@link #DISCONNECTED}
 * @param readOnly whether changes are refused, because the user or the export says so
 * @param lanes threads that answer the kernel
 * @param requests requests of the kernel answered
 * @param errors how many of them were answered with an errno
 * @param bytesRead bytes of file data that the kernel asked for
 * @param bytesWritten bytes of file data taken from the kernel
 * @param cache what it remembers; null for a mount that remembers nothing
 * @param events what it does with changes of the host
 * @param operations each operation that was asked for at least once
 * @param askers who has asked for the mount and not given it up
 */
public record MountStatus(
        MountSpec spec,
        ConsistencyMode effectiveMode,
        String state,
        boolean readOnly,
        int lanes,
        long requests,
        long errors,
        long bytesRead,
        long bytesWritten,
        CacheStatus cache,
        EventStatus events,
        List<OperationStatus> operations,
        List<Asker> askers) {
    /** The host answers. */
    public static final String MOUNTED = "mounted";

    /** The host is lost; calls answer EIO until the mount is unmounted. */
    public static final String DISCONNECTED = "disconnected";

    public MountStatus {
        operations = List.copyOf(operations);
        askers = List.copyOf(askers);
    }

    /** The same with its askers. */
    MountStatus askedForBy(final List<Asker> names) {
        return new MountStatus(
                spec,
                effectiveMode,
                state,
                readOnly,
                lanes,
                requests,
                errors,
                bytesRead,
                bytesWritten,
                cache,
                events,
                operations,
                names);
    }
}
