package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.AccessIn;
import io.transfuse.daemon.fuse.Attr;
import io.transfuse.daemon.fuse.AttrOut;
import io.transfuse.daemon.fuse.GetattrIn;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.SetattrIn;
import io.transfuse.daemon.fuse.SetattrInValid;
import io.transfuse.daemon.fuse.StatfsOut;
import io.transfuse.daemon.fuse.StatxIn;
import io.transfuse.daemon.fuse.StatxOut;
import io.transfuse.protocol.Access;
import io.transfuse.protocol.AccessMask;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Getattr;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.Setattr;
import io.transfuse.protocol.SetattrValid;
import io.transfuse.protocol.Statfs;
import io.transfuse.protocol.Syncfs;
import java.io.IOException;

/** The kernel's requests on attributes of objects and of the file system. */
final class AttributeOperations {
    /** Kernel bit and protocol bit, in turn. */
    private static final int[] VALID = {
        SetattrInValid.MODE, SetattrValid.MODE,
        SetattrInValid.UID, SetattrValid.UID,
        SetattrInValid.GID, SetattrValid.GID,
        SetattrInValid.SIZE, SetattrValid.SIZE,
        SetattrInValid.ATIME, SetattrValid.ATIME,
        SetattrInValid.MTIME, SetattrValid.MTIME,
        SetattrInValid.ATIME_NOW, SetattrValid.ATIME_NOW,
        SetattrInValid.MTIME_NOW, SetattrValid.MTIME_NOW,
        SetattrInValid.KILL_SUIDGID, SetattrValid.KILL_SUIDGID,
    };

    private AttributeOperations() {}

    static int getattr(final Exchange x) throws IOException {
        final boolean hasHandle = (GetattrIn.flags(x.request) & GetattrIn.HANDLE_VALID) != 0;
        final long handle = hasHandle ? GetattrIn.handle(x.request) : 0;
        if (x.cache != null) {
            return CachedOperations.getattr(x, handle, false);
        }
        Getattr.encode(x.frame, InHeader.node(x.request), handle);
        final int status = x.ask(Opcode.GETATTR, Getattr.REPLY_SIZE);
        return status < 0 ? status : putAttributes(x, Getattr.REPLY_ATTRIBUTES);
    }

    private static int putAttributes(final Exchange x, final int attributes) {
        AttrOut.put(x.out, OutHeader.SIZE, 0, 0);
        Attr.put(x.out, OutHeader.SIZE + AttrOut.SIZE, x.reply, attributes);
        return x.done(AttrOut.SIZE + Attr.SIZE);
    }

    static int statx(final Exchange x) throws IOException {
        final boolean hasHandle = (StatxIn.flags(x.request) & GetattrIn.HANDLE_VALID) != 0;
        final long handle = hasHandle ? StatxIn.handle(x.request) : 0;
        if (x.cache != null) {
            return CachedOperations.getattr(x, handle, true);
        }
        Getattr.encode(x.frame, InHeader.node(x.request), handle);
        final int status = x.ask(Opcode.GETATTR, Getattr.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        StatxOut.put(x.out, OutHeader.SIZE, x.reply, Getattr.REPLY_ATTRIBUTES);
        StatxOut.setValidity(x.out, OutHeader.SIZE, 0, 0);
        return x.done(StatxOut.SIZE);
    }

    /** access(2) and chdir(2); where the kernel checks permissions itself it does not ask. */
    static int access(final Exchange x) throws IOException {
        if (!x.hostChecksPermissions()) {
            return -Errno.ENOSYS;
        }
        final int mask = AccessIn.mask(x.request) & AccessMask.ALL;
        if (mask == 0) {
            return x.done(0);
        }
        // The protocol's bits are those of unistd.h.
        Access.encode(x.frame, InHeader.node(x.request), mask);
        final int status = x.ask(Opcode.ACCESS, ReplyFrame.SIZE);
        return status < 0 ? status : x.done(0);
    }

    static int setattr(final Exchange x) throws IOException {
        final int kernelValid = SetattrIn.valid(x.request);
        int valid = 0;
        for (int i = 0; i < VALID.length; i += 2) {
            if ((kernelValid & VALID[i]) != 0) {
                valid |= VALID[i + 1];
            }
        }
        final boolean hasHandle = (kernelValid & SetattrInValid.HANDLE) != 0;
        final long handle = hasHandle ? x.hostHandle(SetattrIn.handle(x.request)) : 0;
        if (handle < 0) {
            return (int) handle;
        }
        final long node = InHeader.node(x.request);
        final long since = x.moment();
        Setattr.encode(
                x.frame,
                node,
                handle,
                valid,
                SetattrIn.mode(x.request),
                SetattrIn.uid(x.request),
                SetattrIn.gid(x.request),
                SetattrIn.size(x.request),
                SetattrIn.atime(x.request),
                SetattrIn.mtime(x.request),
                SetattrIn.atimeNanos(x.request),
                SetattrIn.mtimeNanos(x.request));
        final int status = x.ask(Opcode.SETATTR, Setattr.REPLY_SIZE);
        if (status < 0) {
            // Some of it may have been changed.
            x.noteChanged(node);
            return status;
        }
        return x.cache != null
                ? CachedOperations.changed(x, since, node, Setattr.REPLY_ATTRIBUTES)
                : putAttributes(x, Setattr.REPLY_ATTRIBUTES);
    }

    static int statfs(final Exchange x) throws IOException {
        Statfs.encode(x.frame, InHeader.node(x.request));
        final int status = x.ask(Opcode.STATFS, Statfs.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        StatfsOut.put(
                x.out,
                OutHeader.SIZE,
                Statfs.replyBlocks(x.reply),
                Statfs.replyBlocksFree(x.reply),
                Statfs.replyBlocksAvailable(x.reply),
                Statfs.replyFiles(x.reply),
                Statfs.replyFilesFree(x.reply),
                Statfs.replyBlockSize(x.reply),
                Statfs.replyNameMax(x.reply),
                Statfs.replyFragmentSize(x.reply));
        return x.done(StatfsOut.SIZE);
    }

    static int syncfs(final Exchange x) throws IOException {
        Syncfs.encode(x.frame, InHeader.node(x.request));
        final int status = x.ask(Opcode.SYNCFS, ReplyFrame.SIZE);
        return status < 0 ? status : x.done(0);
    }
}
