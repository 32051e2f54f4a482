package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.LockIn;
import io.transfuse.daemon.fuse.LockOut;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Getlk;
import io.transfuse.protocol.LockFlags;
import io.transfuse.protocol.LockType;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.Setlk;
import java.io.IOException;

/** The kernel's requests on locks. F_RDLCK, F_WRLCK and F_UNLCK of Linux are the protocol's {@link LockType}. */
final class LockOperations {
    private LockOperations() {}

    static int getlk(final Exchange x) throws IOException {
        final long handle = x.hostHandle(LockIn.handle(x.request));
        if (handle < 0) {
            return (int) handle;
        }
        Getlk.encode(
                x.frame,
                handle,
                LockIn.owner(x.request),
                LockIn.start(x.request),
                LockIn.end(x.request),
                LockIn.type(x.request),
                LockIn.pid(x.request));
        final int status = x.ask(Opcode.GETLK, Getlk.REPLY_SIZE);
        if (status < 0) {
            return status;
        }
        LockOut.put(
                x.out,
                OutHeader.SIZE,
                Getlk.replyStart(x.reply),
                Getlk.replyEnd(x.reply),
                Getlk.replyType(x.reply),
                Getlk.replyPid(x.reply));
        return x.done(LockOut.SIZE);
    }

    static int setlk(final Exchange x) throws IOException {
        final long handle = x.hostHandle(LockIn.handle(x.request));
        if (handle < 0) {
            return (int) handle;
        }
        encode(x, handle, 0);
        final int status = x.ask(Opcode.SETLK, ReplyFrame.SIZE);
        if (status < 0) {
            return status;
        }
        if (isPosix(x) && LockIn.type(x.request) != LockType.UNLOCK) {
            x.locks.noteLocked(InHeader.node(x.request));
        }
        return x.done(0);
    }

    private static int encode(final Exchange x, final long handle, final int flags) {
        return Setlk.encode(
                x.frame,
                handle,
                LockIn.owner(x.request),
                LockIn.start(x.request),
                LockIn.end(x.request),
                LockIn.type(x.request),
                LockIn.pid(x.request),
                isPosix(x) ? flags : flags | LockFlags.FLOCK);
    }

    static boolean isPosix(final Exchange x) {
        return (LockIn.flags(x.request) & LockIn.FLOCK) == 0;
    }

    /** Takes what is free at once; what is not waits on the push connection, and the lane goes on. */
    static int setlkw(final Exchange x) throws IOException {
        final long unique = x.unique();
        final int status = setlk(x);
        if (status != -Errno.EAGAIN) {
            x.locks.unregister(unique);
            return status;
        }
        final long handle = x.hostHandle(LockIn.handle(x.request));
        final long owner = LockIn.owner(x.request);
        final long start = LockIn.start(x.request);
        final long end = LockIn.end(x.request);
        final int type = LockIn.type(x.request);
        final int pid = LockIn.pid(x.request);
        final int flags = isPosix(x) ? LockFlags.WAIT : LockFlags.WAIT | LockFlags.FLOCK;
        final int waiting =
                x.locks.await(unique, frame -> Setlk.encode(frame, handle, owner, start, end, type, pid, flags));
        return waiting < 0 ? waiting : Exchange.NO_REPLY;
    }
}
