package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.CopyFileRangeIn;
import io.transfuse.daemon.fuse.CopyFileRangeOut;
import io.transfuse.daemon.fuse.CreateIn;
import io.transfuse.daemon.fuse.FallocateIn;
import io.transfuse.daemon.fuse.FlushIn;
import io.transfuse.daemon.fuse.FsyncIn;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.LseekIn;
import io.transfuse.daemon.fuse.LseekOut;
import io.transfuse.daemon.fuse.OpenIn;
import io.transfuse.daemon.fuse.OpenOut;
import io.transfuse.daemon.fuse.OpenOutFlags;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.ReadIn;
import io.transfuse.daemon.fuse.ReleaseIn;
import io.transfuse.daemon.fuse.WriteIn;
import io.transfuse.daemon.fuse.WriteOut;
import io.transfuse.protocol.CopyFileRange;
import io.transfuse.protocol.Create;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Fallocate;
import io.transfuse.protocol.FallocateMode;
import io.transfuse.protocol.Flush;
import io.transfuse.protocol.Fsync;
import io.transfuse.protocol.FsyncFlags;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Lseek;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Open;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Read;
import io.transfuse.protocol.Release;
import io.transfuse.protocol.ReleaseFlags;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.SeekWhence;
import io.transfuse.protocol.Tmpfile;
import io.transfuse.protocol.Write;
import io.transfuse.protocol.WriteFlags;
import java.io.IOException;

/** The kernel's requests that open files and work on open ones. */
final class FileOperations {
    private static final int O_TRUNC = 01000;

    /** Flag of open(2) and protocol bit, in turn; O_SYNC holds the bit of O_DSYNC. Source: asm-generic/fcntl.h. */
    private static final int[] OPEN_FLAGS = {
        02000,
        OpenFlags.APPEND,
        O_TRUNC,
        OpenFlags.TRUNCATE,
        0200,
        OpenFlags.EXCLUSIVE,
        04000000,
        OpenFlags.SYNC,
        010000,
        OpenFlags.DATA_SYNC,
        01000000,
        OpenFlags.NO_ATIME,
        04000,
        OpenFlags.NON_BLOCK,
        // __FMODE_EXEC of linux/fs.h.
        040,
        OpenFlags.EXECUTE,
    };

    /** FALLOC_FL_ flag and protocol bit, in turn. Source: linux/falloc.h. */
    private static final int[] FALLOCATE_MODES = {
        1, FallocateMode.KEEP_SIZE,
        2, FallocateMode.PUNCH_HOLE,
        8, FallocateMode.COLLAPSE_RANGE,
        0x10, FallocateMode.ZERO_RANGE,
        0x20, FallocateMode.INSERT_RANGE,
    };

    private FileOperations() {}

    static int open(final Exchange x) throws IOException {
        final int flags = OpenIn.flags(x.request);
        final boolean kill = (OpenIn.openFlags(x.request) & OpenIn.KILL_SUIDGID) != 0;
        final boolean readsOnly = (flags & OpenFlags.ACCESS_MODE) == OpenFlags.READ_ONLY && (flags & O_TRUNC) == 0;
        if (x.cache != null && readsOnly) {
            return CachedOperations.open(x, openFlags(flags, kill));
        }
        Open.encode(x.frame, InHeader.node(x.request), openFlags(flags, kill));
        final long node = InHeader.node(x.request);
        // Before the host is asked: a LOOKUP that is answered from now on must not outlive this call.
        x.openNodes.opened(node);
        final int status = x.ask(Opcode.OPEN, Open.REPLY_SIZE);
        if (status < 0) {
            x.openNodes.released(node);
            return status;
        }
        if (x.cache == null) {
            endValidity(x, node);
        } else if ((flags & O_TRUNC) != 0) {
            x.noteChanged(node);
        }
        return putOpen(x, OutHeader.SIZE, node, Open.replyHandle(x.reply), flags);
    }

    /**
     * What an earlier LOOKUP brought must not be used through the new descriptor. Not where the file was open before,
     * and nothing has had a validity since: the kernel would ignore the attributes that it is just being given, and
     * others who have the file open would have been told one size and go by another.
     */
    private static void endValidity(final Exchange x, final long node) {
        if (!x.openNodes.hasNoValidity(node)) {
            x.openNodes.awaitLasting(node);
            x.endValidity(node);
            x.openNodes.validityEnded(node);
        }
    }

    private static int openFlags(final int kernelFlags, final boolean killSuidgid) {
        int flags = kernelFlags & OpenFlags.ACCESS_MODE;
        for (int i = 0; i < OPEN_FLAGS.length; i += 2) {
            if ((kernelFlags & OPEN_FLAGS[i]) != 0) {
                flags |= OPEN_FLAGS[i + 1];
            }
        }
        return killSuidgid ? flags | OpenFlags.KILL_SUIDGID : flags;
    }

    /** Writes handle and flags at {@code at}; returns the index behind them. */
    private static int putOpen(
            final Exchange x, final int at, final long node, final long handle, final int kernelFlags) {
        // Only what was opened for writing can have dirty pages of a mapping, which a FLUSH brings to the host.
        final int noFlush = (kernelFlags & OpenFlags.ACCESS_MODE) == OpenFlags.READ_ONLY ? OpenOutFlags.NO_FLUSH : 0;
        final int policy = x.cache == null ? CachePolicy.CONSISTENT.openFlags() : CachedOperations.openFlags(x, node);
        OpenOut.put(x.out, at, handle, policy | noFlush);
        return at + OpenOut.SIZE;
    }

    static int create(final Exchange x) throws IOException {
        final int nameAt = CreateIn.END;
        final int flags = CreateIn.flags(x.request);
        final long since = x.moment();
        Create.encode(
                x.frame,
                InHeader.node(x.request),
                openFlags(flags, (CreateIn.openFlags(x.request) & OpenIn.KILL_SUIDGID) != 0),
                CreateIn.mode(x.request),
                x.request,
                nameAt,
                NameOperations.nameLength(x, nameAt));
        final int status = x.ask(Opcode.CREATE, Create.REPLY_SIZE);
        if (status < 0) {
            if (x.cache != null) {
                x.nameIsDoubtful(InHeader.node(x.request), nameAt);
            }
            return status;
        }
        final long node = Create.replyNode(x.reply);
        x.openNodes.opened(node);
        final int at = x.cache == null
                ? x.putEntry(node, Create.REPLY_ATTRIBUTES)
                : CachedOperations.made(
                        x, since, nameAt, NameOperations.nameLength(x, nameAt), node, Create.REPLY_ATTRIBUTES);
        return putOpen(x, at, node, Create.replyHandle(x.reply), flags);
    }

    static int tmpfile(final Exchange x) throws IOException {
        final int flags = CreateIn.flags(x.request);
        Tmpfile.encode(x.frame, InHeader.node(x.request), openFlags(flags, false), CreateIn.mode(x.request));
        final int status = x.ask(Opcode.TMPFILE, Tmpfile.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        final long node = Tmpfile.replyNode(x.reply);
        x.openNodes.opened(node);
        if (x.cache != null) {
            x.cache.facts().learnNameless(node);
        }
        final int at = x.putEntry(node, Tmpfile.REPLY_ATTRIBUTES);
        return putOpen(x, at, node, Tmpfile.replyHandle(x.reply), flags);
    }

    static int read(final Exchange x) throws IOException {
        final long handle = ReadIn.handle(x.request);
        x.readsChanging = x.cache != null && x.cache.changing().givePages(InHeader.node(x.request));
        return x.cache != null && LocalFile.isLocal(handle) ? CachedOperations.read(x) : readFrom(x, handle);
    }

    /** Reads from a handle of the host. */
    static int readFrom(final Exchange x, final long handle) throws IOException {
        final int size = Math.min(ReadIn.size(x.request), Limits.TRANSFER_MAX);
        Read.encode(x.frame, handle, ReadIn.offset(x.request), size);
        final int status = x.ask(Opcode.READ, ReplyFrame.SIZE);
        if (status < 0) {
            return status;
        }
        final int length = Read.dataLength(x.reply);
        if (length > size) {
            throw new IOException(
                    "the host server broke the protocol: " + length + " bytes read where " + size + " were asked for");
        }
        if (x.readsChanging) {
            final long end = ReadIn.offset(x.request) + length;
            if (x.cache.changing().isOtherSize(InHeader.node(x.request), end, length < size)) {
                // The data are ahead of what the host has told: who asks for the size now must not get the one of
                // before.
                x.noteChanged(InHeader.node(x.request));
            }
        }
        return x.replyInHostFrame(Read.REPLY_DATA - OutHeader.SIZE, length);
    }

    static int write(final Exchange x) throws IOException {
        final int kernelFlags = WriteIn.writeFlags(x.request);
        int flags = 0;
        if ((kernelFlags & WriteIn.KILL_SUIDGID) != 0) {
            flags |= WriteFlags.KILL_SUIDGID;
        }
        if ((kernelFlags & WriteIn.CACHE) != 0) {
            flags |= WriteFlags.CACHE;
        }
        final int size = WriteIn.size(x.request);
        if (size > InHeader.length(x.request) - WriteIn.END) {
            return -Errno.EINVAL;
        }
        final long node = InHeader.node(x.request);
        Write.encode(x.writeFrame, WriteIn.handle(x.request), WriteIn.offset(x.request), flags, size);
        final int status = x.askWrite();
        x.noteChanged(node);
        if (status < 0) {
            return status;
        }
        final int count = Write.replyCount(x.reply);
        if (count < 0 || count > size) {
            throw new IOException(
                    "the host server broke the protocol: " + count + " bytes written where " + size + " were sent");
        }
        WriteOut.put(x.out, OutHeader.SIZE, count);
        return x.done(WriteOut.SIZE);
    }

    static int flush(final Exchange x) throws IOException {
        // What was written is on the host already; only locks end with the close.
        if (!x.locks.mayBeLocked(InHeader.node(x.request))) {
            return x.done(0);
        }
        final long handle = x.hostHandle(FlushIn.handle(x.request));
        if (handle < 0) {
            return (int) handle;
        }
        Flush.encode(x.frame, handle, FlushIn.lockOwner(x.request));
        final int status = x.ask(Opcode.FLUSH, ReplyFrame.SIZE);
        return status < 0 ? status : x.done(0);
    }

    static int release(final Exchange x) throws IOException {
        final long node = InHeader.node(x.request);
        x.openNodes.released(node);
        if (!x.openNodes.isOpen(node)) {
            x.locks.closed(node);
        }
        if (x.cache == null || !LocalFile.isLocal(ReleaseIn.handle(x.request))) {
            return release(x, ReleaseIn.handle(x.request));
        }
        final LocalFile file = x.cache.files().remove(ReleaseIn.handle(x.request));
        return file == null || file.hostHandle() == 0 ? x.done(0) : release(x, file.hostHandle());
    }

    static int releasedir(final Exchange x) throws IOException {
        return release(x, ReleaseIn.handle(x.request));
    }

    private static int release(final Exchange x, final long handle) throws IOException {
        final boolean unlock = (ReleaseIn.releaseFlags(x.request) & ReleaseIn.FLOCK_UNLOCK) != 0;
        Release.encode(x.frame, handle, ReleaseIn.lockOwner(x.request), unlock ? ReleaseFlags.FLOCK_UNLOCK : 0);
        x.tell();
        return x.done(0);
    }

    static int fsync(final Exchange x) throws IOException {
        final boolean dataOnly = (FsyncIn.flags(x.request) & FsyncIn.DATA_ONLY) != 0;
        final long handle = x.hostHandle(FsyncIn.handle(x.request));
        if (handle < 0) {
            return (int) handle;
        }
        Fsync.encode(x.frame, handle, dataOnly ? FsyncFlags.DATA_ONLY : 0);
        final int status = x.ask(Opcode.FSYNC, ReplyFrame.SIZE);
        return status < 0 ? status : x.done(0);
    }

    static int fallocate(final Exchange x) throws IOException {
        int rest = FallocateIn.mode(x.request);
        int mode = 0;
        for (int i = 0; i < FALLOCATE_MODES.length; i += 2) {
            if ((rest & FALLOCATE_MODES[i]) != 0) {
                mode |= FALLOCATE_MODES[i + 1];
                rest &= ~FALLOCATE_MODES[i];
            }
        }
        if (rest != 0) {
            return -Errno.EOPNOTSUPP;
        }
        Fallocate.encode(
                x.frame,
                FallocateIn.handle(x.request),
                FallocateIn.offset(x.request),
                FallocateIn.length(x.request),
                mode);
        final int status = x.ask(Opcode.FALLOCATE, ReplyFrame.SIZE);
        x.noteChanged(InHeader.node(x.request));
        return status < 0 ? status : x.done(0);
    }

    static int lseek(final Exchange x) throws IOException {
        final int whence = LseekIn.whence(x.request);
        if (whence != LseekIn.SEEK_DATA && whence != LseekIn.SEEK_HOLE) {
            return -Errno.EINVAL;
        }
        final long handle = x.hostHandle(LseekIn.handle(x.request));
        if (handle < 0) {
            return (int) handle;
        }
        Lseek.encode(
                x.frame,
                handle,
                LseekIn.offset(x.request),
                whence == LseekIn.SEEK_DATA ? SeekWhence.DATA : SeekWhence.HOLE);
        final int status = x.ask(Opcode.LSEEK, Lseek.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        LseekOut.put(x.out, OutHeader.SIZE, Lseek.replyOffset(x.reply));
        return x.done(LseekOut.SIZE);
    }

    static int copyFileRange(final Exchange x) throws IOException {
        final int status = askCopy(x);
        if (status < 0) {
            return status;
        }
        WriteOut.put(x.out, OutHeader.SIZE, (int) CopyFileRange.replyCount(x.reply));
        return x.done(WriteOut.SIZE);
    }

    static int copyFileRange64(final Exchange x) throws IOException {
        final int status = askCopy(x);
        if (status < 0) {
            return status;
        }
        CopyFileRangeOut.put(x.out, OutHeader.SIZE, CopyFileRange.replyCount(x.reply));
        return x.done(CopyFileRangeOut.SIZE);
    }

    private static int askCopy(final Exchange x) throws IOException {
        if (CopyFileRangeIn.flags(x.request) != 0) {
            return -Errno.EINVAL;
        }
        // More in one call would keep the lane, and its count would not fit the kernel's 32 bits.
        final long most = 1L << 30;
        final long handleIn = x.hostHandle(CopyFileRangeIn.handleIn(x.request));
        if (handleIn < 0) {
            return (int) handleIn;
        }
        CopyFileRange.encode(
                x.frame,
                handleIn,
                CopyFileRangeIn.offsetIn(x.request),
                CopyFileRangeIn.handleOut(x.request),
                CopyFileRangeIn.offsetOut(x.request),
                Math.min(CopyFileRangeIn.length(x.request), most));
        final int status = x.ask(Opcode.COPY_FILE_RANGE, CopyFileRange.REPLY_SIZE);
        x.noteChanged(CopyFileRangeIn.nodeOut(x.request));
        return status;
    }
}
