package io.transfuse.daemon.control;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.transfuse.daemon.CacheOptions;
import io.transfuse.daemon.MountSpec;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.Path;

/**
 * What {@code POST /v1/mounts} takes.
 *
 * @param hostPath absolute path on the host
 * @param mountPoint absolute path in the guest
 * @param mode {@code consistent}, {@code cached}, {@code delegated} or {@code default}; null for {@code consistent}
 * @param readOnly whether changes are refused with EROFS
 * @param cacheBytes bound of what a mount that caches remembers, in bytes; null for the default
 * @param timeToLiveMillis for how long what the host cannot watch is used; null for the default
 * @param owner {@code passthrough}, {@code fixed=UID:GID} or {@code recorded=UID:GID}; null for {@code passthrough}
 */
@JsonIgnoreProperties
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MountRequest(
        String hostPath,
        String mountPoint,
        String mode,
        boolean readOnly,
        String owner,
        Long cacheBytes,
        Integer timeToLiveMillis) {

    /** The request for what {@code spec} says. */
    public static MountRequest of(final MountSpec spec) {
        return new MountRequest(
                spec.hostPath(),
                spec.mountPoint().toString(),
                spec.mode().word(),
                spec.readOnly(),
                spec.ownership().toString(),
                spec.cache().bytes(),
                spec.cache().timeToLiveMillis());
    }

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
        return new MountSpec(
                hostPath,
                Path.of(mountPoint),
                mode == null ? ConsistencyMode.CONSISTENT : ConsistencyMode.ofWord(mode),
                readOnly,
                owner == null ? Ownership.PASSTHROUGH : Ownership.parse(owner),
                new CacheOptions(
                        cacheBytes == null ? CacheOptions.DEFAULT.bytes() : cacheBytes,
                        timeToLiveMillis == null ? CacheOptions.DEFAULT.timeToLiveMillis() : timeToLiveMillis));
    }
}
