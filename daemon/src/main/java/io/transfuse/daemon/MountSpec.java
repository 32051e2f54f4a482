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
 */
public record MountSpec(
        String hostPath, Path mountPoint, ConsistencyMode mode, boolean readOnly, Ownership ownership) {}
