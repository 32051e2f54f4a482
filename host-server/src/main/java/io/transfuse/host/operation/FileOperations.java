package io.transfuse.host.operation;

import io.transfuse.host.node.Handle;
import io.transfuse.host.node.Node;
import io.transfuse.protocol.CopyFileRange;
import io.transfuse.protocol.Create;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Fallocate;
import io.transfuse.protocol.FallocateMode;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Flush;
import io.transfuse.protocol.Fsync;
import io.transfuse.protocol.FsyncFlags;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.LockType;
import io.transfuse.protocol.Lseek;
import io.transfuse.protocol.Name;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Read;
import io.transfuse.protocol.Release;
import io.transfuse.protocol.ReleaseFlags;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.SeekWhence;
import io.transfuse.protocol.Tmpfile;
import io.transfuse.protocol.Write;
import io.transfuse.protocol.WriteFlags;

/** The operations that open files and work on open ones. */
final class FileOperations {
    private FileOperations() {}

    static int open(final Exchange x) {
        final int flags = Open.flags(x.request);
        if (!isValid(flags)) {
            return -Errno.EINVAL;
        }
        if (x.session.readOnly() && changes(flags)) {
            return -Errno.EROFS;
        }
        final Node node = x.nodes.get(Open.node(x.request));
        if (node == null || !node.isRegular()) {
            return node == null ? -Errno.ESTALE : node.isDirectory() ? -Errno.EISDIR : -Errno.ENXIO;
        }
        final boolean wantsContent = (flags & OpenFlags.CONTENT) != 0;
        if (wantsContent && (x.memory == null || changes(flags))) {
            return -Errno.EINVAL;
        }
        int descriptor = openAtPlace(x, node, flags);
        if (descriptor == -Errno.ESTALE) {
            x.noteUnwatched();
            descriptor = reopen(x, node, flags);
        }
        if (descriptor < 0) {
            return descriptor;
        }
        return wantsContent ? openedWithContent(x, node, descriptor, flags) : opened(x, node, descriptor, flags);
    }

    /** Reads attributes and content of a small file; without content there is a handle. */
    private static int openedWithContent(final Exchange x, final Node node, final int descriptor, final int flags) {
        int status = x.posix.stat(descriptor, x.posix.self(), x.stat);
        final long size = x.stat.size();
        final long changed = x.stat.changed();
        final long modified = x.stat.modified();
        int length = 0;
        if (status >= 0 && size > 0 && size <= x.memory.contentMax()) {
            length = (int)
                    Math.max(0, x.posix.read(descriptor, x.replyMemory.address(Open.REPLY_CONTENT), (int) size, 0));
            status = x.posix.stat(descriptor, x.posix.self(), x.stat);
        }
        if (status < 0) {
            x.posix.close(descriptor);
            return status;
        }
        x.putAttributes(descriptor, x.posix.self(), Open.REPLY_ATTRIBUTES);
        final boolean whole = length > 0
                && length == size
                && x.stat.size() == size
                && x.stat.changed() == changed
                && x.stat.modified() == modified;
        long handle = 0;
        if (whole) {
            x.posix.close(descriptor);
        } else {
            handle = x.handles.add(node, descriptor, flags);
        }
        return handle < 0
                ? (int) handle
                : Open.encodeReply(x.reply, RequestFrame.id(x.request), handle, whole ? length : 0);
    }

    private static boolean isValid(final int flags) {
        return (flags & ~OpenFlags.ALL) == 0 && (flags & OpenFlags.ACCESS_MODE) != OpenFlags.ACCESS_MODE;
    }

    private static boolean changes(final int flags) {
        return (flags & OpenFlags.ACCESS_MODE) != OpenFlags.READ_ONLY || (flags & OpenFlags.TRUNCATE) != 0;
    }

    /** Opens a node where it was seen last; -ESTALE when it is not there. */
    private static int openAtPlace(final Exchange x, final Node node, final int flags) {
        int status = x.nodes.acquirePlace(node, x.path);
        if (status < 0) {
            return status;
        }
        final int descriptor;
        try {
            x.watchDirectory(node.directory(), x.path.descriptor().number());
            descriptor = x.posix.openFile(x.path.descriptor().number(), x.path.nameAddress(), flags);
            if (descriptor >= 0) {
                watchLinked(x, node, descriptor);
            }
        } finally {
            x.path.descriptor().release();
        }
        if (descriptor < 0) {
            return isOfAnother(descriptor) ? -Errno.ESTALE : descriptor;
        }
        status = x.posix.stat(descriptor, x.posix.self(), x.stat);
        if (status >= 0 && !x.nodes.isAt(node, x.stat)) {
            status = -Errno.ESTALE;
        }
        return mayOpen(x, descriptor, status, flags);
    }

    /** The descriptor, or, closed then, the errno of its stat or that which the caller gets who may not open it. */
    private static int mayOpen(final Exchange x, final int descriptor, final int stat, final int flags) {
        final int status = stat < 0 ? stat : x.permissions.open(descriptor, flags);
        if (status == 0) {
            return descriptor;
        }
        x.posix.close(descriptor);
        return status;
    }

    /** Whether an open can have failed so because something else stands at the name now. */
    private static boolean isOfAnother(final int status) {
        switch (-status) {
            case Errno.ENOENT:
            case Errno.ELOOP:
            case Errno.EISDIR:
            case Errno.ENXIO:
            case Errno.EACCES:
                return true;
            default:
                return false;
        }
    }

    /** What has several names may be changed by one that is not watched. */
    private static void watchLinked(final Exchange x, final Node node, final int descriptor) {
        if (x.isTold()
                && x.posix.stat(descriptor, x.posix.self(), x.stat) >= 0
                && x.watchObject(node, descriptor, x.posix.self()) != 0) {
            x.noteVolatile();
        }
    }

    /** Opens a node that has lost its name through a descriptor that refers to it. */
    private static int reopen(final Exchange x, final Node node, final int flags) {
        final int status = x.acquireObject(node.id(), 0);
        if (status < 0) {
            return status;
        }
        try {
            final int descriptor = x.posix.reopen(x.acquired().number(), flags);
            return descriptor < 0
                    ? descriptor
                    : mayOpen(x, descriptor, x.posix.stat(descriptor, x.posix.self(), x.stat), flags);
        } finally {
            x.acquired().release();
        }
    }

    private static int opened(final Exchange x, final Node node, final int descriptor, final int flags) {
        if ((flags & OpenFlags.TRUNCATE) != 0) {
            int status = x.posix.truncate(descriptor, 0);
            if (status >= 0 && (flags & OpenFlags.KILL_SUIDGID) != 0) {
                status = AttributeOperations.killSetIds(x, descriptor);
            }
            if (status < 0) {
                x.posix.close(descriptor);
                return status;
            }
        }
        final long handle = x.handles.add(node, descriptor, flags);
        return handle < 0 ? (int) handle : Open.encodeReply(x.reply, RequestFrame.id(x.request), handle);
    }

    static int create(final Exchange x) {
        final int flags = Create.flags(x.request);
        if (!isValid(flags)) {
            return -Errno.EINVAL;
        }
        final int status = x.acquireDirectory(Create.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            x.becomeCaller();
            x.watchDirectory(
                    x.nodes.get(Create.parent(x.request)), x.path.descriptor().number());
            return createIn(x, x.path.descriptor().number(), flags);
        } finally {
            x.path.descriptor().release();
        }
    }

    private static int createIn(final Exchange x, final int directory, final int flags) {
        final int name = Create.name();
        final int mode = Create.mode(x.request) & FileMode.PERMISSIONS;
        // A recorded owner needs a file that the server itself can open; the record keeps the mode asked for.
        final int hostMode = x.session.ownership().records() ? mode | 0600 : mode;
        // Exclusively at first, to know whether it was made here: a file that exists keeps its owner.
        int descriptor = x.posix.createFile(directory, x.nameAddress(name), flags | OpenFlags.EXCLUSIVE, hostMode);
        final boolean made = descriptor >= 0;
        if (descriptor == -Errno.EEXIST && (flags & OpenFlags.EXCLUSIVE) == 0) {
            descriptor = x.posix.createFile(directory, x.nameAddress(name), flags, hostMode);
        }
        if (descriptor < 0) {
            return descriptor;
        }
        int status = made ? x.recordCreated(descriptor, mode) : 0;
        if (status >= 0) {
            status = x.posix.stat(descriptor, x.posix.self(), x.stat);
        }
        if (status >= 0 && !FileMode.isRegular(x.stat.mode())) {
            status = -Errno.EEXIST;
        }
        if (status >= 0 && !made) {
            status = x.permissions.open(descriptor, flags);
        }
        if (status >= 0 && (flags & OpenFlags.TRUNCATE) != 0 && x.stat.size() != 0) {
            status = x.posix.truncate(descriptor, 0);
        }
        if (status < 0) {
            x.posix.close(descriptor);
            return status;
        }
        final Node node = x.nodes.lookedUp(
                x.nodes.get(Create.parent(x.request)),
                x.request,
                Name.start(name),
                Name.length(x.request, name),
                x.stat);
        if (node == null) {
            x.posix.close(descriptor);
            return -Errno.ENFILE;
        }
        if (x.watchObject(node, descriptor, x.posix.self()) != 0) {
            x.noteVolatile();
        }
        x.putAttributes(descriptor, x.posix.self(), Create.REPLY_ATTRIBUTES);
        final long handle = x.handles.add(node, descriptor, flags);
        if (handle < 0) {
            x.nodes.forget(node.id(), 1);
            return (int) handle;
        }
        return Create.encodeReply(x.reply, RequestFrame.id(x.request), node.id(), handle);
    }

    static int tmpfile(final Exchange x) {
        final int flags = Tmpfile.flags(x.request);
        if (!isValid(flags) || (flags & OpenFlags.ACCESS_MODE) == OpenFlags.READ_ONLY) {
            return -Errno.EINVAL;
        }
        final int status = x.acquireDirectory(Tmpfile.parent(x.request), x.path);
        if (status < 0) {
            return status;
        }
        try {
            x.becomeCaller();
            return tmpfileIn(x, x.path.descriptor().number(), flags);
        } finally {
            x.path.descriptor().release();
        }
    }

    private static int tmpfileIn(final Exchange x, final int directory, final int flags) {
        final int mode = Tmpfile.mode(x.request) & FileMode.PERMISSIONS;
        final int hostMode = x.session.ownership().records() ? mode | 0600 : mode;
        final int descriptor = x.posix.createTemporary(directory, flags, hostMode);
        if (descriptor < 0) {
            return descriptor;
        }
        int status = x.recordCreated(descriptor, mode);
        if (status >= 0) {
            status = x.posix.stat(descriptor, x.posix.self(), x.stat);
        }
        // A link(2) of it must find it when no handle is open any more: one more descriptor stands for the node.
        final int reference = status < 0 ? status : x.posix.reopen(descriptor, OpenFlags.READ_WRITE);
        if (reference < 0) {
            x.posix.close(descriptor);
            return reference;
        }
        final Node node = x.nodes.lookedUpNameless(x.stat, reference);
        if (node == null) {
            x.posix.close(descriptor);
            return -Errno.ENFILE;
        }
        x.putAttributes(descriptor, x.posix.self(), Tmpfile.REPLY_ATTRIBUTES);
        final long handle = x.handles.add(node, descriptor, flags);
        if (handle < 0) {
            x.nodes.forget(node.id(), 1);
            return (int) handle;
        }
        return Tmpfile.encodeReply(x.reply, RequestFrame.id(x.request), node.id(), handle);
    }

    static int read(final Exchange x) {
        final int size = Read.size(x.request);
        final long offset = Read.offset(x.request);
        if (size < 0 || size > Limits.TRANSFER_MAX || offset < 0) {
            return -Errno.EINVAL;
        }
        final Handle handle = x.handles.acquire(Read.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            final int descriptor = handle.descriptor().number();
            int done = 0;
            while (done < size) {
                final long count = x.posix.read(
                        descriptor, x.replyMemory.address(Read.REPLY_DATA + done), size - done, offset + done);
                if (count == 0) {
                    break;
                }
                if (count < 0 && done == 0) {
                    return (int) count;
                }
                if (count < 0) {
                    break;
                }
                done += (int) count;
            }
            return Read.encodeReply(x.reply, RequestFrame.id(x.request), done);
        } finally {
            handle.descriptor().release();
        }
    }

    static int write(final Exchange x) {
        final int length = Write.dataLength(x.request);
        final int flags = Write.flags(x.request);
        final long offset = Write.offset(x.request);
        if (offset < 0) {
            return -Errno.EINVAL;
        }
        final Handle handle = x.handles.acquire(Write.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            final int descriptor = handle.descriptor().number();
            if ((flags & WriteFlags.KILL_SUIDGID) != 0) {
                final int status = AttributeOperations.killSetIds(x, descriptor);
                if (status < 0) {
                    return status;
                }
            }
            final boolean toOffset = handle.appends() && (flags & WriteFlags.CACHE) != 0;
            final long count = toOffset
                    ? writeWithoutAppending(x, descriptor, length, offset)
                    : x.posix.write(descriptor, x.requestMemory.address(Write.REQUEST_SIZE), length, offset);
            return count < 0 ? (int) count : Write.encodeReply(x.reply, RequestFrame.id(x.request), (int) count);
        } finally {
            handle.descriptor().release();
        }
    }

    /** On Linux pwrite(2) appends where the file was opened with O_APPEND, so dirty pages need another open file. */
    private static long writeWithoutAppending(
            final Exchange x, final int descriptor, final int length, final long offset) {
        final int plain = x.posix.reopen(descriptor, OpenFlags.WRITE_ONLY);
        if (plain < 0) {
            return plain;
        }
        final long count = x.posix.write(plain, x.requestMemory.address(Write.REQUEST_SIZE), length, offset);
        x.posix.close(plain);
        return count;
    }

    static int flush(final Exchange x) {
        final Handle handle = x.handles.acquire(Flush.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            x.session.locks().releaseRanges(handle.node(), Flush.lockOwner(x.request));
            return x.done(0);
        } finally {
            handle.descriptor().release();
        }
    }

    static int release(final Exchange x) {
        final Handle handle = x.handles.acquire(Release.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        if ((Release.flags(x.request) & ReleaseFlags.FLOCK_UNLOCK) != 0) {
            x.posix.lockFile(handle.descriptor().number(), LockType.UNLOCK);
        }
        handle.descriptor().release();
        x.handles.remove(handle.id());
        x.session.locks().released(handle);
        return 0;
    }

    static int fsync(final Exchange x) {
        final Handle handle = x.handles.acquire(Fsync.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            return x.done(
                    x.posix.sync(handle.descriptor().number(), (Fsync.flags(x.request) & FsyncFlags.DATA_ONLY) != 0));
        } finally {
            handle.descriptor().release();
        }
    }

    static int fallocate(final Exchange x) {
        final int mode = Fallocate.mode(x.request);
        if ((mode & ~FallocateMode.ALL) != 0) {
            return -Errno.EOPNOTSUPP;
        }
        final Handle handle = x.handles.acquire(Fallocate.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            return x.done(x.posix.allocate(
                    handle.descriptor().number(), mode, Fallocate.offset(x.request), Fallocate.length(x.request)));
        } finally {
            handle.descriptor().release();
        }
    }

    static int lseek(final Exchange x) {
        final int whence = Lseek.whence(x.request);
        if (whence != SeekWhence.DATA && whence != SeekWhence.HOLE) {
            return -Errno.EINVAL;
        }
        final Handle handle = x.handles.acquire(Lseek.handle(x.request));
        if (handle == null) {
            return -Errno.EBADF;
        }
        try {
            final long found = x.posix.seek(handle.descriptor().number(), Lseek.offset(x.request), whence);
            return found < 0 ? (int) found : Lseek.encodeReply(x.reply, RequestFrame.id(x.request), found);
        } finally {
            handle.descriptor().release();
        }
    }

    static int copyFileRange(final Exchange x) {
        final Handle in = x.handles.acquire(CopyFileRange.handleIn(x.request));
        if (in == null) {
            return -Errno.EBADF;
        }
        try {
            final Handle out = x.handles.acquire(CopyFileRange.handleOut(x.request));
            if (out == null) {
                return -Errno.EBADF;
            }
            try {
                final long count = x.posix.copyRange(
                        in.descriptor().number(),
                        CopyFileRange.offsetIn(x.request),
                        out.descriptor().number(),
                        CopyFileRange.offsetOut(x.request),
                        CopyFileRange.length(x.request));
                return count < 0 ? (int) count : CopyFileRange.encodeReply(x.reply, RequestFrame.id(x.request), count);
            } finally {
                out.descriptor().release();
            }
        } finally {
            in.descriptor().release();
        }
    }
}
