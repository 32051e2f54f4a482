package io.transfuse.host.operation;

import io.transfuse.host.lock.LockRequest;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Getlk;
import io.transfuse.protocol.LockFlags;
import io.transfuse.protocol.LockType;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Setlk;
import java.nio.ByteBuffer;

/** The operations on locks. */
public final class LockOperations {
    private LockOperations() {}

    static int getlk(final Exchange x) {
        final int type = Getlk.type(x.request);
        final long start = Getlk.start(x.request);
        final long end = Getlk.end(x.request);
        if ((type != LockType.READ && type != LockType.WRITE) || start < 0 || end < start) {
            return -Errno.EINVAL;
        }
        final int status = x.session
                .locks()
                .test(
                        new LockRequest(
                                Getlk.handle(x.request),
                                Getlk.owner(x.request),
                                start,
                                end,
                                type,
                                Getlk.pid(x.request),
                                false),
                        x.lockTest);
        return status < 0
                ? status
                : Getlk.encodeReply(
                        x.reply,
                        RequestFrame.id(x.request),
                        x.lockTest.start,
                        x.lockTest.end,
                        x.lockTest.type,
                        x.lockTest.pid);
    }

    static int setlk(final Exchange x) {
        final LockRequest request = lockRequest(x.request);
        if (request == null || (Setlk.flags(x.request) & LockFlags.WAIT) != 0) {
            return -Errno.EINVAL;
        }
        return x.done(x.session.locks().set(request));
    }

    /** What a SETLK asks for, or null when it makes no sense. */
    public static LockRequest lockRequest(final ByteBuffer frame) {
        final int type = Setlk.type(frame);
        final long start = Setlk.start(frame);
        final long end = Setlk.end(frame);
        if (type < LockType.READ || type > LockType.UNLOCK || start < 0 || end < start) {
            return null;
        }
        return new LockRequest(
                Setlk.handle(frame),
                Setlk.owner(frame),
                start,
                end,
                type,
                Setlk.pid(frame),
                (Setlk.flags(frame) & LockFlags.FLOCK) != 0);
    }
}
