package io.transfuse.daemon;

import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a user asks for when mounting.
 *
 * @param hostPath absolute path of a directory or regular file on the host
 * @param mountPoint absolute path of an empty directory in the guest, or of a regular file where the host path is one
 * @param mode the consistency asked for
 * @param readOnly whether every change is to be refused with EROFS
 * @param ownership whom the objects belong to in the guest
 * @param cache bounds of what a mount that caches remembers
 * @param flags what the guest's kernel is not to allow
 * @param events whether programs in the guest are to be told by inotify(7) of what happens on the host
 */
public record MountSpec(
        String hostPath,
        Path mountPoint,
        ConsistencyMode mode,
        boolean readOnly,
        Ownership ownership,
        CacheOptions cache,
        Set<MountFlag> flags,
        boolean events) {
    public MountSpec {
        flags = Set.copyOf(flags);
    }

    /** A mount that has events. */
    public MountSpec(
            final String hostPath,
            final Path mountPoint,
            final ConsistencyMode mode,
            final boolean readOnly,
            final Ownership ownership,
            final CacheOptions cache,
            final Set<MountFlag> flags) {
        this(hostPath, mountPoint, mode, readOnly, ownership, cache, flags, true);
    }

    /** As that, on which the kernel allows everything. */
    public MountSpec(
            final String hostPath,
            final Path mountPoint,
            final ConsistencyMode mode,
            final boolean readOnly,
            final Ownership ownership,
            final CacheOptions cache) {
        this(hostPath, mountPoint, mode, readOnly, ownership, cache, Set.of());
    }

    /** Whether the mode allows guest and kernel to remember what the host said; a delegated mount is one that caches. */
    public boolean remembers() {
        return mode == ConsistencyMode.CACHED || mode == ConsistencyMode.DELEGATED;
    }

    /** Whether both ask for the same, wherever it is to be mounted. */
    boolean wantsTheSameAs(final MountSpec other) {
        return Path.of(hostPath).normalize().equals(Path.of(other.hostPath).normalize())
                && mode == other.mode
                && readOnly == other.readOnly
                && ownership.equals(other.ownership)
                && cache.equals(other.cache)
                && flags.equals(other.flags)
                && events == other.events;
    }

    /** What is asked for, without the place, as one line for the user: {@code /src (cached, ro, owner=passthrough)}. */
    String describe() {
        final StringBuilder text = new StringBuilder(hostPath);
        text.append(" (").append(mode.word());
        if (readOnly) {
            text.append(", ro");
        }
        text.append(", owner=").append(ownership);
        if (!cache.equals(CacheOptions.DEFAULT)) {
            text.append(", cache=").append(cache.bytes()).append("B, ttl=").append(cache.timeToLiveMillis());
            text.append("ms");
        }
        for (final MountFlag flag : List.of(MountFlag.values())) {
            if (flags.contains(flag)) {
                text.append(", ").append(flag.word());
            }
        }
        if (!events) {
            text.append(", events=off");
        }
        return text.append(')').toString();
    }
}
