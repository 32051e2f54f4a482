package io.transfuse.daemon.control;

import io.transfuse.daemon.Asker;
import io.transfuse.daemon.CacheStatus;
import io.transfuse.daemon.Daemon;
import io.transfuse.daemon.EventStatus;
import io.transfuse.daemon.MountFlag;
import io.transfuse.daemon.MountStatus;
import io.transfuse.daemon.OperationStatus;
import java.util.List;

/**
 * What {@code GET /v1/status} answers.
 *
 * @param host where the daemon finds its host server
 * @param mounts each mount, in the order in which they were made
 */
public record StatusReport(String host, List<MountReport> mounts) {
    /**
     * One mount.
     *
     * @param hostPath path on the host
     * @param mountPoint path in the guest
     * @param mode the consistency asked for
     * @param effectiveMode the consistency that it has, which may be stronger
     * @param readOnly whether changes are refused
     * @param owner the ownership policy
     * @param flags what the guest's kernel was asked not to allow
     * @param askers who has asked for the mount and not given it up
     * @param state {@code mounted} or {@code disconnected}
     * @param lanes threads that answer the kernel
     * @param requests requests of the kernel answered
     * @param errors how many of them with an errno
     * @param bytesRead bytes of file data asked for
     * @param bytesWritten bytes of file data written
     * @param cache what it remembers; null for a mount that remembers nothing
     * @param events what it does with changes of the host
     * @param operations each operation asked for at least once
     */
    public record MountReport(
            String hostPath,
            String mountPoint,
            String mode,
            String effectiveMode,
            boolean readOnly,
            String owner,
            List<String> flags,
            List<String> askers,
            String state,
            int lanes,
            long requests,
            long errors,
            long bytesRead,
            long bytesWritten,
            CacheStatus cache,
            EventStatus events,
            List<OperationStatus> operations) {
        static MountReport of(final MountStatus status) {
            return new MountReport(
                    status.spec().hostPath(),
                    status.spec().mountPoint().toString(),
                    status.spec().mode().word(),
                    status.effectiveMode().word(),
                    status.readOnly(),
                    status.spec().ownership().toString(),
                    status.spec().flags().stream().map(MountFlag::word).sorted().toList(),
                    status.askers().stream().map(Asker::name).toList(),
                    status.state(),
                    status.lanes(),
                    status.requests(),
                    status.errors(),
                    status.bytesRead(),
                    status.bytesWritten(),
                    status.cache(),
                    status.events(),
                    status.operations());
        }
    }

    static StatusReport of(final Daemon daemon) {
        return new StatusReport(
                daemon.host().toString(),
                daemon.mounts().stream().map(MountReport::of).toList());
    }
}
