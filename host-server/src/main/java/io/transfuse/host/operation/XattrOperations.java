package io.transfuse.host.operation;

import io.transfuse.protocol.Bytes;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Getxattr;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Listxattr;
import io.transfuse.protocol.Name;
import io.transfuse.protocol.Removexattr;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Setxattr;
import io.transfuse.protocol.XattrFlags;

/** The operations on extended attributes. */
final class XattrOperations {
    private XattrOperations() {}

    static int setxattr(final Exchange x) {
        final int flags = Setxattr.flags(x.request);
        if ((flags & ~XattrFlags.ALL) != 0) {
            return -Errno.EINVAL;
        }
        if (isReserved(x, Setxattr.name())) {
            return -Errno.EPERM;
        }
        final int status = x.acquireObject(Setxattr.node(x.request), 0);
        if (status < 0) {
            return status;
        }
        try {
            final int value = Setxattr.value(x.request);
            return x.done(x.posix.setXattr(
                    x.acquired().number(),
                    x.nameAddress(Setxattr.name()),
                    x.requestAddress(Bytes.start(value)),
                    Bytes.length(x.request, value),
                    flags));
        } finally {
            x.acquired().release();
        }
    }

    static int getxattr(final Exchange x) {
        final int size = Getxattr.size(x.request);
        if (size < 0 || isReserved(x, Getxattr.name())) {
            return size < 0 ? -Errno.EINVAL : -Errno.ENODATA;
        }
        final int status = x.acquireObject(Getxattr.node(x.request), 0);
        if (status < 0) {
            return status;
        }
        try {
            final long length = x.posix.getXattr(
                    x.acquired().number(),
                    x.nameAddress(Getxattr.name()),
                    x.replyMemory.address(Getxattr.REPLY_VALUE),
                    Math.min(size, Limits.XATTR_SIZE_MAX));
            return length < 0
                    ? (int) length
                    : Getxattr.encodeReply(
                            x.reply, RequestFrame.id(x.request), (int) length, size == 0 ? 0 : (int) length);
        } finally {
            x.acquired().release();
        }
    }

    static int listxattr(final Exchange x) {
        final int size = Listxattr.size(x.request);
        if (size < 0) {
            return -Errno.EINVAL;
        }
        final int status = x.acquireObject(Listxattr.node(x.request), 0);
        if (status < 0) {
            return status;
        }
        try {
            final long length = x.posix.listXattr(
                    x.acquired().number(), x.replyMemory.address(Listxattr.REPLY_NAMES), Limits.XATTR_SIZE_MAX);
            if (length < 0) {
                return (int) length;
            }
            final int shown = withoutReserved(x, (int) length);
            if (size != 0 && shown > size) {
                return -Errno.ERANGE;
            }
            return Listxattr.encodeReply(x.reply, RequestFrame.id(x.request), shown, size == 0 ? 0 : shown);
        } finally {
            x.acquired().release();
        }
    }

    /** Takes the server's own attribute out of the list in the reply; returns the list's new length. */
    private static int withoutReserved(final Exchange x, final int length) {
        final int start = Listxattr.REPLY_NAMES;
        int kept = start;
        int at = start;
        while (at < start + length) {
            int end = at;
            while (x.reply.get(end) != 0) {
                end++;
            }
            if (!x.session.ownership().isReserved(x.reply, at, end - at)) {
                for (int i = at; i <= end; i++) {
                    x.reply.put(kept++, x.reply.get(i));
                }
            }
            at = end + 1;
        }
        return kept - start;
    }

    static int removexattr(final Exchange x) {
        if (isReserved(x, Removexattr.name())) {
            return -Errno.ENODATA;
        }
        final int status = x.acquireObject(Removexattr.node(x.request), 0);
        if (status < 0) {
            return status;
        }
        try {
            return x.done(x.posix.removeXattr(x.acquired().number(), x.nameAddress(Removexattr.name())));
        } finally {
            x.acquired().release();
        }
    }

    private static boolean isReserved(final Exchange x, final int name) {
        return x.session.ownership().isReserved(x.request, Name.start(name), Name.length(x.request, name));
    }
}
