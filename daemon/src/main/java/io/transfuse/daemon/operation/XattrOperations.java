package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.GetxattrIn;
import io.transfuse.daemon.fuse.GetxattrOut;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.SetxattrIn;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Getxattr;
import io.transfuse.protocol.Limits;
import io.transfuse.protocol.Listxattr;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.Removexattr;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.Setxattr;
import io.transfuse.protocol.XattrFlags;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The kernel's requests on extended attributes. */
final class XattrOperations {
    /** The mount does not keep ACLs: the kernel, which checks permissions, would not know them. */
    private static final byte[] ACL = "system.posix_acl_".getBytes(StandardCharsets.US_ASCII);

    private static final int KERNEL_CREATE = 1;
    private static final int KERNEL_REPLACE = 2;

    private XattrOperations() {}

    static int setxattr(final Exchange x) throws IOException {
        final int nameAt = SetxattrIn.END;
        final int nameLength = NameOperations.nameLength(x, nameAt);
        final int size = SetxattrIn.size(x.request);
        final int valueAt = nameAt + nameLength + 1;
        if (isAcl(x, nameAt, nameLength)) {
            return -Errno.EOPNOTSUPP;
        }
        if (size < 0 || size > Limits.XATTR_SIZE_MAX || size > InHeader.end(x.request) - valueAt) {
            return -Errno.E2BIG;
        }
        final int kernelFlags = SetxattrIn.flags(x.request);
        int flags = 0;
        if ((kernelFlags & KERNEL_CREATE) != 0) {
            flags |= XattrFlags.CREATE;
        }
        if ((kernelFlags & KERNEL_REPLACE) != 0) {
            flags |= XattrFlags.REPLACE;
        }
        Setxattr.encode(
                x.frame, InHeader.node(x.request), flags, x.request, nameAt, nameLength, x.request, valueAt, size);
        final int status = x.ask(Opcode.SETXATTR, ReplyFrame.SIZE);
        x.noteChanged(InHeader.node(x.request));
        return status < 0 ? status : x.done(0);
    }

    private static boolean isAcl(final Exchange x, final int nameAt, final int nameLength) {
        if (nameLength < ACL.length) {
            return false;
        }
        for (int i = 0; i < ACL.length; i++) {
            if (x.request.get(nameAt + i) != ACL[i]) {
                return false;
            }
        }
        return true;
    }

    static int getxattr(final Exchange x) throws IOException {
        final int nameAt = GetxattrIn.END;
        final int nameLength = NameOperations.nameLength(x, nameAt);
        final int size = GetxattrIn.size(x.request);
        if (isAcl(x, nameAt, nameLength)) {
            return -Errno.EOPNOTSUPP;
        }
        Getxattr.encode(x.frame, InHeader.node(x.request), size, x.request, nameAt, nameLength);
        final int status = x.ask(Opcode.GETXATTR, Getxattr.REPLY_SIZE);
        return status < 0
                ? status
                : answer(
                        x, size, Getxattr.replyValueSize(x.reply), Getxattr.REPLY_VALUE, Getxattr.valueLength(x.reply));
    }

    static int listxattr(final Exchange x) throws IOException {
        final int size = GetxattrIn.size(x.request);
        Listxattr.encode(x.frame, InHeader.node(x.request), size);
        final int status = x.ask(Opcode.LISTXATTR, Listxattr.REPLY_SIZE);
        return status < 0
                ? status
                : answer(
                        x,
                        size,
                        Listxattr.replyListSize(x.reply),
                        Listxattr.REPLY_NAMES,
                        Listxattr.namesLength(x.reply));
    }

    /** With a size of 0 the kernel wants to know how long the bytes are, else the bytes. */
    private static int answer(final Exchange x, final int size, final int whole, final int at, final int length)
            throws IOException {
        if (whole < 0 || whole > Limits.XATTR_SIZE_MAX || length > Limits.XATTR_SIZE_MAX) {
            throw new IOException("the host server broke the protocol: an attribute of " + whole + " bytes");
        }
        if (size == 0) {
            GetxattrOut.put(x.out, OutHeader.SIZE, whole);
            return x.done(GetxattrOut.SIZE);
        }
        if (length > size) {
            return -Errno.ERANGE;
        }
        x.out.put(OutHeader.SIZE, x.reply, at, length);
        return x.done(length);
    }

    static int removexattr(final Exchange x) throws IOException {
        final int nameAt = InHeader.SIZE;
        final int nameLength = NameOperations.nameLength(x, nameAt);
        if (isAcl(x, nameAt, nameLength)) {
            return -Errno.EOPNOTSUPP;
        }
        Removexattr.encode(x.frame, InHeader.node(x.request), x.request, nameAt, nameLength);
        final int status = x.ask(Opcode.REMOVEXATTR, ReplyFrame.SIZE);
        x.noteChanged(InHeader.node(x.request));
        return status < 0 ? status : x.done(0);
    }
}
