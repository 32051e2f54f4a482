package io.transfuse.host.operation;

import io.transfuse.host.node.DirectorySnapshot;
import io.transfuse.host.node.Handle;
import io.transfuse.host.node.Node;
import io.transfuse.host.node.NodeTable;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Getpath;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Listdir;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Opendir;
import io.transfuse.protocol.Readdir;
import io.transfuse.protocol.ReaddirFlags;
import io.transfuse.protocol.RequestFrame;
import java.util.Arrays;

/** The operations that list directories. */
final class DirectoryOperations {
    private static final int RECORDS_SIZE = 64 * 1024;

    private DirectoryOperations() {}

    static int opendir(final Exchange x) {
        final Node node = x.nodes.get(Opendir.node(x.request));
        if (node == null) {
            return -Errno.ESTALE;
        }
        final int descriptor = openWatched(x, node);
        if (descriptor < 0) {
            return descriptor;
        }
        final long handle = x.handles.add(node, descriptor, OpenFlags.READ_ONLY);
        return handle < 0 ? (int) handle : Opendir.encodeReply(x.reply, RequestFrame.id(x.request), handle);
    }

    /** A descriptor that lists a directory, owned by the caller, or a negated errno; the directory is watched before. */
    private static int openWatched(final Exchange x, final Node node) {
        final int status = x.acquireDirectory(node.id(), x.path);
        if (status < 0) {
            return status;
        }
        try {
            x.watchDirectory(node, x.path.descriptor().number());
            return x.posix.openDirectory(x.path.descriptor().number(), x.posix.self());
        } finally {
            x.path.descriptor().release();
        }
    }

    static int getpath(final Exchange x) {
        int status = readPath(x, NodeTable.ROOT);
        if (status < 0) {
            return status;
        }
        final byte[] root = pathRead(x, status);
        status = readPath(x, Getpath.node(x.request));
        if (status < 0) {
            return status;
        }
        final byte[] path = pathRead(x, status);
        final int slash = root.length == 1 ? 0 : root.length;
        final boolean isRoot = Arrays.equals(root, path);
        final boolean isBelow =
                path.length > slash && path[slash] == '/' && Arrays.equals(root, 0, slash, path, 0, slash);
        if (!isRoot && !isBelow) {
            return -Errno.ESTALE;
        }
        final int length = isRoot ? 0 : path.length - slash - 1;
        x.reply.put(Getpath.REPLY_PATH, path, path.length - length, length);
        return Getpath.encodeReply(x.reply, RequestFrame.id(x.request), length);
    }

    /** Reads the absolute path of a directory on the host into the reply; its length in bytes, or a negated errno. */
    private static int readPath(final Exchange x, final long node) {
        final int status = x.acquireDirectory(node, x.path);
        if (status < 0) {
            return status;
        }
        try {
            return (int) x.posix.path(
                    x.path.descriptor().number(), x.replyMemory.address(Getpath.REPLY_PATH), Limits.PATH_MAX);
        } finally {
            x.path.descriptor().release();
        }
    }

    private static byte[] pathRead(final Exchange x, final int length) {
        final byte[] path = new byte[length];
        x.reply.get(Getpath.REPLY_PATH, path);
        return path;
    }

    static int readdir(final Exchange x) {
        final Handle handle = x.handles.acquire(Readdir.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            if (!handle.node().isDirectory()) {
                return -Errno.ENOTDIR;
            }
            final long cookie = Readdir.cookie(x.request);
            final int descriptor = handle.descriptor().number();
            x.watchDirectory(handle.node(), descriptor);
            if (cookie == 0 || handle.snapshot() == null) {
                final DirectorySnapshot.Builder builder = new DirectorySnapshot.Builder();
                final int status = takeSnapshot(x, descriptor, builder);
                if (status < 0) {
                    return status;
                }
                handle.setSnapshot(builder.build());
            }
            return list(x, handle.node(), descriptor, handle.snapshot(), cookie);
        } finally {
            handle.descriptor().release();
        }
    }

    /** The whole directory at once. */
    static int listdir(final Exchange x) {
        final Node node = x.nodes.get(Listdir.node(x.request));
        final int size = Listdir.size(x.request);
        if (node == null || size < 0) {
            return node == null ? -Errno.ESTALE : -Errno.EINVAL;
        }
        final int descriptor = openWatched(x, node);
        if (descriptor < 0) {
            return descriptor;
        }
        try {
            return listWhole(x, node, descriptor, Math.min(size, Limits.TRANSFER_MAX));
        } finally {
            x.posix.close(descriptor);
        }
    }

    private static int listWhole(final Exchange x, final Node node, final int descriptor, final int size) {
        final DirectorySnapshot.Builder builder = new DirectorySnapshot.Builder();
        final int status = takeSnapshot(x, descriptor, builder);
        if (status < 0) {
            return status;
        }
        final DirectorySnapshot snapshot = builder.build();
        long needed = 0;
        for (int i = 0; i < snapshot.size(); i++) {
            needed += Readdir.entrySize(snapshot.nameLength(i), true);
        }
        if (needed > size) {
            return -Errno.E2BIG;
        }
        int at = Readdir.REPLY_ENTRIES;
        for (int i = 0; i < snapshot.size(); i++) {
            at = putEntry(x, node, descriptor, snapshot, i, at, true);
        }
        return Listdir.encodeReply(x.reply, RequestFrame.id(x.request), at);
    }

    private static int takeSnapshot(final Exchange x, final int descriptor, final DirectorySnapshot.Builder builder) {
        final int status = x.posix.rewindEntries(descriptor);
        if (status < 0) {
            return status;
        }
        while (true) {
            final long length = x.posix.readEntries(descriptor, x.replyMemory.address(), RECORDS_SIZE);
            if (length < 0) {
                return (int) length;
            }
            if (length == 0) {
                return 0;
            }
            builder.add(x.reply, (int) length);
        }
    }

    private static int list(
            final Exchange x,
            final Node node,
            final int descriptor,
            final DirectorySnapshot snapshot,
            final long cookie) {
        final boolean withAttributes = (Readdir.flags(x.request) & ReaddirFlags.ATTRIBUTES) != 0;
        final int size = Readdir.size(x.request);
        if (size < 0 || cookie < 0) {
            return -Errno.EINVAL;
        }
        final int limit = Readdir.REPLY_ENTRIES + Math.min(size, Limits.TRANSFER_MAX);
        int at = Readdir.REPLY_ENTRIES;
        for (long index = cookie; index < snapshot.size(); index++) {
            final int end = at
                    + Readdir.entrySize(
                            snapshot.nameLength((int) index), withAttributes && !snapshot.isDots((int) index));
            if (end > limit) {
                break;
            }
            at = putEntry(x, node, descriptor, snapshot, (int) index, at, withAttributes);
        }
        return Readdir.encodeReply(x.reply, RequestFrame.id(x.request), at);
    }

    /**
     * Writes an entry, unless attributes are wanted and the object has gone in the meantime; returns the index behind what
     * was written.
     */
    private static int putEntry(
            final Exchange x,
            final Node directory,
            final int descriptor,
            final DirectorySnapshot snapshot,
            final int index,
            final int at,
            final boolean withAttributes) {
        final int nameLength = snapshot.nameLength(index);
        final boolean lookUp = withAttributes && !snapshot.isDots(index);
        final int name = Readdir.entryName(at);
        // A NUL behind the name for the system call; putEntry's padding or the attributes overwrite it.
        snapshot.copyName(index, x.reply, name);
        x.reply.put(name + nameLength, (byte) 0);
        long node = 0;
        int type = snapshot.type(index);
        long ino = snapshot.ino(index);
        boolean unwatched = false;
        if (lookUp) {
            final long nameAddress = x.replyMemory.address(name);
            if (x.posix.stat(descriptor, nameAddress, x.stat) < 0) {
                return at;
            }
            final Node found = x.nodes.lookedUp(directory, x.reply, name, nameLength, x.stat);
            if (found == null) {
                return at;
            }
            final int watched = x.watchObject(found, descriptor, nameAddress);
            if (watched < 0) {
                x.nodes.forget(found.id(), 1);
                return at;
            }
            unwatched = watched > 0;
            node = found.id();
            type = FileMode.type(x.stat.mode());
            ino = x.nodes.shownIno(x.stat.dev(), x.stat.ino());
            x.putAttributes(descriptor, nameAddress, name + (nameLength + 7 & ~7));
        } else if (snapshot.isParent(index) && directory == x.nodes.root()) {
            // What lies above the export is none of the guest's business.
            ino = x.nodes.root().ino();
        }
        Readdir.putEntry(x.reply, at, index + 1L, ino, node, type, nameLength, lookUp);
        if (unwatched) {
            Readdir.setEntryVolatile(x.reply, at);
        }
        return at + Readdir.entrySize(nameLength, lookUp);
    }
}
