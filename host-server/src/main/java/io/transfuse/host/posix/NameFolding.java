package io.transfuse.host.posix;

import io.transfuse.transport.NativeBuffer;
import java.lang.ref.Reference;
import java.util.Set;

/** Whether a directory on Linux folds the case of names. */
final class NameFolding {
    private static final long EXT4 = 0xef53;
    private static final long F2FS = 0xf2f52010L;
    private static final long TMPFS = 0x01021994;

    /**
     * What takes each name for itself; linux/magic.h and the file systems' own headers: XFS, Btrfs, overlayfs,
     * bcachefs, ramfs, ZFS.
     */
    private static final Set<Long> SENSITIVE =
            Set.of(0x58465342L, 0x9123683eL, 0x794c7630L, 0xca451a4eL, 0x858458f6L, 0x2fc12fc1L);

    /** What folds in directories that are marked so. */
    private static final Set<Long> BY_DIRECTORY = Set.of(EXT4, F2FS, TMPFS);

    /** linux/fs.h */
    private static final long FS_IOC_GETFLAGS = 0x80086601L;

    private static final long FS_CASEFOLD_FL = 0x40000000;
    private static final HostLibrary C = HostLibrary.INSTANCE;

    private NameFolding() {}

    /**
     * @param descriptor of the directory; may be of O_PATH
     */
    static boolean folds(final LinuxPosix posix, final int descriptor) {
        final FileSystemIdentity identity = new FileSystemIdentity();
        if (LinuxEvents.identify(descriptor, identity) < 0) {
            return true;
        }
        final long type = Integer.toUnsignedLong(identity.type);
        return !SENSITIVE.contains(type) && (!BY_DIRECTORY.contains(type) || isMarked(posix, descriptor));
    }

    private static boolean isMarked(final LinuxPosix posix, final int descriptor) {
        final int open = posix.openDirectory(descriptor, posix.self());
        if (open < 0) {
            return true;
        }
        final NativeBuffer flags = NativeBuffer.allocate(Long.BYTES);
        // A file system that has no such flags marks nothing.
        final boolean marked = C.ioctl(open, FS_IOC_GETFLAGS, flags.address()) == 0
                && (flags.bytes().getInt(0) & FS_CASEFOLD_FL) != 0;
        Reference.reachabilityFence(flags);
        posix.close(open);
        return marked;
    }
}
