package io.transfuse.daemon.control;

import io.transfuse.daemon.Asker;
import io.transfuse.daemon.CacheOptions;
import io.transfuse.daemon.MountFlag;
import io.transfuse.daemon.MountSpec;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code POST /v1/mounts} takes.
 *
 * @param hostPath absolute path on the host
 * @param mountPoint absolute path in the guest
 * @param mode {@code consistent}, {@code cached}, {@code delegated} or {@code default}; null for {@code consistent}
 * @param readOnly whether changes are refused with EROFS
 * @param cacheBytes bound of what a mount that caches remembers, in bytes; null for the default
 * @param timeToLiveMillis for how long what the host cannot watch is used; null for the default
 * @param flags what the guest's kernel is not to allow: {@code nosuid}, {@code nodev}, {@code noexec}; null for none
 * @param events whether programs in the guest are told of what happens on the host; null for true
 * @param asker who asks, see {@link Asker}; null for {@code user}
 * @param owner {@code passthrough}, {@code fixed=UID:GID} or {@code recorded=UID:GID}; null for {@code passthrough}
 */
record MountRequest(
        String hostPath,
        String mountPoint,
        String mode,
        boolean readOnly,
        String owner,
        Long cacheBytes,
        Integer timeToLiveMillis,
        List<String> flags,
        Boolean events,
        String asker) {

    /**
     * Checks the fields.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    MountSpec toSpec() {
        if (hostPath == null || !hostPath.startsWith("/")) {
            throw new IllegalArgumentException("hostPath is missing or not absolute");
        }
        if (mountPoint == null || !mountPoint.startsWith("/")) {
            throw new IllegalArgumentException("mountPoint is missing or not absolute");
        }
        final ConsistencyMode asked = mode == null ? ConsistencyMode.CONSISTENT : ConsistencyMode.ofWord(mode);
        return new MountSpec(
                hostPath,
                Path.of(mountPoint),
                asked,
                readOnly,
                owner == null ? Ownership.PASSTHROUGH : Ownership.parse(owner),
                new CacheOptions(
                        cacheBytes == null ? CacheOptions.DEFAULT.bytes() : cacheBytes,
                        timeToLiveMillis == null ? CacheOptions.DEFAULT.timeToLiveMillis() : timeToLiveMillis),
                flags == null ? Set.of() : flags.stream().map(MountFlag::ofWord).collect(Collectors.toSet()),
                events == null || events);
    }

    /**
     * Who asks.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    Asker toAsker() {
        return asker == null ? Asker.USER : new Asker(asker);
    }
}
