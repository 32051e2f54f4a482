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
    /** Flag of open(2) and protocol bit, in turn; O_SYNC holds the bit of O_DSYNC. Source: asm-generic/fcntl.h. */
    private static final int[] OPEN_FLAGS = {
        02000, OpenFlags.APPEND,
        01000, OpenFlags.TRUNCATE,
        0200, OpenFlags.EXCLUSIVE,
        04000000, OpenFlags.SYNC,
        010000, OpenFlags.DATA_SYNC,
        01000000, OpenFlags.NO_ATIME,
        04000, OpenFlags.NON_BLOCK,
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
        Open.encode(x.frame, InHeader.node(x.request), openFlags(flags, kill));
        final long node = InHeader.node(x.request);
        // Before the host is asked: a LOOKUP that is answered from now on must not outlive this call.
        x.openNodes.opened(node);
        final int status = x.ask(Opcode.OPEN, Open.REPLY_SIZE);
        if (status < 0) {
            x.openNodes.released(node);
            return status;
        }
        x.endValidity(node);
        return putOpen(x, OutHeader.SIZE, Open.replyHandle(x.reply), flags);
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
    private static int putOpen(final Exchange x, final int at, final long handle, final int kernelFlags) {
        // Only what was opened for writing can have dirty pages of a mapping, which a FLUSH brings to the host.
        final int noFlush = (kernelFlags & OpenFlags.ACCESS_MODE) == OpenFlags.READ_ONLY ? OpenOutFlags.NO_FLUSH : 0;
        OpenOut.put(x.out, at, handle, OpenOutFlags.DIRECT_IO | OpenOutFlags.PARALLEL_DIRECT_WRITES | noFlush);
        return at + OpenOut.SIZE;
    }

    static int create(final Exchange x) throws IOException {
        final int nameAt = CreateIn.END;
        final int flags = CreateIn.flags(x.request);
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
            return status;
        }
        x.openNodes.opened(Create.replyNode(x.reply));
        final int at = x.putEntry(Create.replyNode(x.reply), Create.REPLY_ATTRIBUTES);
        return putOpen(x, at, Create.replyHandle(x.reply), flags);
    }

    static int tmpfile(final Exchange x) throws IOException {
        final int flags = CreateIn.flags(x.request);
        Tmpfile.encode(x.frame, InHeader.node(x.request), openFlags(flags, false), CreateIn.mode(x.request));
        final int status = x.ask(Opcode.TMPFILE, Tmpfile.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        x.openNodes.opened(Tmpfile.replyNode(x.reply));
        final int at = x.putEntry(Tmpfile.replyNode(x.reply), Tmpfile.REPLY_ATTRIBUTES);
        return putOpen(x, at, Tmpfile.replyHandle(x.reply), flags);
    }

    static int read(final Exchange x) throws IOException {
        final int size = Math.min(ReadIn.size(x.request), Limits.TRANSFER_MAX);
        Read.encode(x.frame, ReadIn.handle(x.request), ReadIn.offset(x.request), size);
        final int status = x.ask(Opcode.READ, ReplyFrame.SIZE);
        if (status < 0) {
            return status;
        }
        final int length = Read.dataLength(x.reply);
        if (length > size) {
            throw new IOException(
                    "the host server broke the protocol: " + length + " bytes read where " + size + " were asked for");
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
        Write.encode(x.writeFrame, WriteIn.handle(x.request), WriteIn.offset(x.request), flags, size);
        final int status = x.askWrite();
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
        Flush.encode(x.frame, FlushIn.handle(x.request), FlushIn.lockOwner(x.request));
        final int status = x.ask(Opcode.FLUSH, ReplyFrame.SIZE);
        return status < 0 ? status : x.done(0);
    }

    static int release(final Exchange x) throws IOException {
        final long node = InHeader.node(x.request);
        x.openNodes.released(node);
        if (!x.openNodes.isOpen(node)) {
            x.locks.closed(node);
        }
        return releasedir(x);
    }

    static int releasedir(final Exchange x) throws IOException {
        final boolean unlock = (ReleaseIn.releaseFlags(x.request) & ReleaseIn.FLOCK_UNLOCK) != 0;
        Release.encode(
                x.frame,
                ReleaseIn.handle(x.request),
                ReleaseIn.lockOwner(x.request),
                unlock ? ReleaseFlags.FLOCK_UNLOCK : 0);
        x.tell();
        return x.done(0);
    }

    static int fsync(final Exchange x) throws IOException {
        final boolean dataOnly = (FsyncIn.flags(x.request) & FsyncIn.DATA_ONLY) != 0;
        Fsync.encode(x.frame, FsyncIn.handle(x.request), dataOnly ? FsyncFlags.DATA_ONLY : 0);
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
        return status < 0 ? status : x.done(0);
    }

    static int lseek(final Exchange x) throws IOException {
        final int whence = LseekIn.whence(x.request);
        if (whence != LseekIn.SEEK_DATA && whence != LseekIn.SEEK_HOLE) {
            return -Errno.EINVAL;
        }
        Lseek.encode(
                x.frame,
                LseekIn.handle(x.request),
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
        CopyFileRange.encode(
                x.frame,
                CopyFileRangeIn.handleIn(x.request),
                CopyFileRangeIn.offsetIn(x.request),
                CopyFileRangeIn.handleOut(x.request),
                CopyFileRangeIn.offsetOut(x.request),
                Math.min(CopyFileRangeIn.length(x.request), most));
        return x.ask(Opcode.COPY_FILE_RANGE, CopyFileRange.REPLY_SIZE);
    }
}
