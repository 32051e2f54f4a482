package io.transfuse.daemon;

import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.Path;

/**
 * What a user asks for when mounting.
 *
 * @param hostPath absolute path of a directory or regular file on the host
 * @param mountPoint absolute path of an empty directory in the guest, or of a regular file where the host path is one
 * @param mode the consistency asked for
 * @param readOnly whether every change is to be refused with EROFS
 * @param ownership whom the objects belong to in the guest
 * @param cache bounds of what a mount that caches remembers
 */
public record MountSpec(
        String hostPath,
        Path mountPoint,
        ConsistencyMode mode,
        boolean readOnly,
        Ownership ownership,
        CacheOptions cache) {
    /** Whether the mode allows guest and kernel to remember what the host said; a delegated mount is one that caches. */
    public boolean remembers() {
        return mode == ConsistencyMode.CACHED || mode == ConsistencyMode.DELEGATED;
    }
}
