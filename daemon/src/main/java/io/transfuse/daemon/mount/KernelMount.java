package io.transfuse.daemon.mount;

import io.transfuse.daemon.MountFlag;
import io.transfuse.daemon.fuse.FuseDevice;
import io.transfuse.daemon.fuse.FuseLibrary;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** mount(2) and umount(2) of one mount point. */
final class KernelMount {
    private static final int MS_RDONLY = 1;
    private static final int MS_REMOUNT = 32;
    private static final int MS_BIND = 4096;
    private static final int MNT_DETACH = 2;
    private static final String CONTROL_TYPE = "fusectl";
    private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");
    private static final Path DEVICES = Path.of("/sys/class/bdi");
    private static final Logger LOG = LoggerFactory.getLogger(KernelMount.class);
    private static final String TYPE = "fuse.transfuse";

    private KernelMount() {}

    /**
     * Mounts; as root by mount(2), else by fusermount3.
     *
     * @param source what /proc/mounts shows as the device
     * @param rootMode file type and permissions of the root
     * @param forbidden what the kernel is not to allow
     * @throws IOException with a message for the user
     */
    static FuseDevice mount(
            final String source,
            final Path mountPoint,
            final int rootMode,
            final Set<MountFlag> forbidden,
            final Set<KernelOption> options)
            throws IOException {
        if (FuseLibrary.INSTANCE.geteuid() != 0) {
            return Fusermount.mount(source, mountPoint, forbidden, options);
        }
        final FuseDevice device = FuseDevice.open();
        final String data = "fd=" + device.descriptor()
                + ",rootmode=" + Integer.toOctalString(FileMode.type(rootMode))
                + ",user_id=0,group_id=0,allow_other"
                + (options.contains(KernelOption.DEFAULT_PERMISSIONS) ? ",default_permissions" : "");
        int trust = 0;
        for (final MountFlag flag : forbidden) {
            trust |= flag.bit();
        }
        // Read-only by the mount or by the file system: of the mount there can be a writable clone, of the other not.
        final boolean readOnly = options.contains(KernelOption.READ_ONLY);
        final boolean readOnlyMount = readOnly && options.contains(KernelOption.INJECTED);
        final int flags = (readOnly && !readOnlyMount ? MS_RDONLY : 0) | trust;
        if (FuseLibrary.INSTANCE.mount(source, mountPoint.toString(), TYPE, flags, data) != 0) {
            final int errno = FuseLibrary.errno();
            device.close();
            throw new IOException("mount(2) answers " + Errno.name(errno)
                    + (errno == Errno.EPERM ? ": run as root with CAP_SYS_ADMIN" : ""));
        }
        if (readOnlyMount
                && FuseLibrary.INSTANCE.mount(
                                null, mountPoint.toString(), null, MS_REMOUNT | MS_BIND | MS_RDONLY | trust, null)
                        != 0) {
            final int errno = FuseLibrary.errno();
            detach(mountPoint);
            device.close();
            throw new IOException("mount(2) answers " + Errno.name(errno) + " to MS_RDONLY");
        }
        return device;
    }

    /**
     * Lets the kernel read ahead so much of files that it caches, in KiB, as far as this user may say so.
     *
     * @param device {@code major:minor}
     */
    static void readAhead(final String device, final int kib) {
        try {
            Files.writeString(DEVICES.resolve(device).resolve("read_ahead_kb"), Integer.toString(kib));
        } catch (final IOException e) {
            LOG.debug("The read-ahead stays as it is: {}", e.getMessage());
        }
    }

    /** Unmounts; 0 or an errno, EBUSY while a process uses it. */
    static int unmount(final Path mountPoint) {
        if (FuseLibrary.INSTANCE.geteuid() != 0) {
            return Fusermount.unmount(mountPoint, false);
        }
        return FuseLibrary.INSTANCE.umount2(mountPoint.toString(), 0) == 0 ? 0 : FuseLibrary.errno();
    }

    /** Takes the mount out of the tree, whoever uses it. */
    static void detach(final Path mountPoint) {
        if (FuseLibrary.INSTANCE.geteuid() != 0) {
            Fusermount.unmount(mountPoint, true);
        } else {
            FuseLibrary.INSTANCE.umount2(mountPoint.toString(), MNT_DETACH);
        }
    }

    /**
     * Ends the connection of kernel and daemon: blocked calls and later ones answer ECONNABORTED and ENOTCONN.
     *
     * @param device {@code major:minor}, as the kernel's list of mounts has it
     */
    static void abort(final String device) throws IOException {
        final String connection = device.substring(device.indexOf(':') + 1);
        // systemd mounts the control file system; a container or a bare machine may lack it.
        final boolean missing = !Files.exists(CONNECTIONS.resolve(connection));
        final boolean mounted =
                missing && FuseLibrary.INSTANCE.mount(CONTROL_TYPE, CONNECTIONS.toString(), CONTROL_TYPE, 0, "") == 0;
        try {
            Files.write(
                    CONNECTIONS.resolve(connection).resolve("abort"),
                    "1".getBytes(StandardCharsets.US_ASCII),
                    StandardOpenOption.WRITE);
        } finally {
            if (mounted) {
                FuseLibrary.INSTANCE.umount2(CONNECTIONS.toString(), MNT_DETACH);
            }
        }
    }
}
