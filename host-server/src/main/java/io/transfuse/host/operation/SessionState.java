package io.transfuse.host.operation;

import io.transfuse.host.lock.LockTable;
import io.transfuse.host.node.HandleTable;
import io.transfuse.host.node.NodeTable;
import io.transfuse.host.posix.Posix;

/**
 * What the lanes of one mount share.
 *
 * @param posix the host's calls
 * @param nodes which objects the guest holds
 * @param handles which it has open
 * @param locks which locks it has and waits for
 * @param ownership how owners are shown and set
 * @param readOnly whether changes are refused with EROFS
 * @param checksPermissions whether the server checks what callers may do, because the guest's kernel does not
 * @param protectsHardlinks whether callers may link only what they own or may read and write
 * @param memory what the guest may remember; null for one that remembers nothing
 * @param watches what is watched for it; null for one that is told nothing, in which case memory is null, too
 * @param others what the guests of other mounts remember
 */
public record SessionState(
        Posix posix,
        NodeTable nodes,
        HandleTable handles,
        LockTable locks,
        OwnershipPolicy ownership,
        boolean readOnly,
        boolean checksPermissions,
        boolean protectsHardlinks,
        GuestMemory memory,
        GuestWatches watches,
        OtherMemories others) {

    /** Whether new objects are given to the caller of the request. */
    boolean givesOwnership() {
        return ownership.givesToCaller();
    }
}
