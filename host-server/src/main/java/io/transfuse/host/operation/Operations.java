package io.transfuse.host.operation;

import io.transfuse.host.watch.WatchTable;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.ReplyFrame;
import io.transfuse.protocol.RequestFrame;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Executes the requests of a lane. */
public final class Operations {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private Operations() {}

    /**
     * Executes the request in {@code x} and makes its reply.
     *
     * @return the length of the reply, 0 for a request that has none
     * @throws ProtocolException if the request is malformed; the connection is of no use any more
     */
    public static int execute(final Exchange x) throws ProtocolException {
        final Opcode opcode = RequestFrame.check(x.request);
        if (opcode == Opcode.CREDENTIALS) {
            x.permissions.tell();
            return 0;
        }
        x.begin();
        int status = -opcode.checkNames(x.request);
        if (status == 0 && opcode.changes() && x.session.readOnly()) {
            status = -Errno.EROFS;
        }
        if (status == 0) {
            final List<WatchTable.OwnChange> changes = x.ownChanges(opcode);
            try {
                status = x.permissions.check(opcode);
                if (status == 0) {
                    status = dispatch(x, opcode);
                }
            } catch (final RuntimeException e) {
                LOG.error("{} failed and answers EIO", opcode, e);
                status = -Errno.EIO;
            } finally {
                x.releaseChecked();
                x.changed(changes, status >= 0);
            }
        }
        x.permissions.end();
        x.session.others().executed(x, opcode, status >= 0);
        if (opcode == Opcode.FORGET || opcode == Opcode.RELEASE) {
            return 0;
        }
        final int length =
                status >= 0 ? status : ReplyFrame.encodeErrno(x.reply, opcode, RequestFrame.id(x.request), -status);
        // At last: an operation may have used the reply's memory for something else.
        x.putFreshness();
        return length;
    }

    /** The length of the reply or a negated errno. */
    private static int dispatch(final Exchange x, final Opcode opcode) throws ProtocolException {
        switch (opcode) {
            case LOOKUP:
                return NameOperations.lookup(x);
            case FORGET:
                return NameOperations.forget(x);
            case GETATTR:
                return AttributeOperations.getattr(x);
            case ACCESS:
                // What may be done has been checked before.
                return x.done(0);
            case SETATTR:
                return AttributeOperations.setattr(x);
            case READLINK:
                return NameOperations.readlink(x);
            case SYMLINK:
                return NameOperations.symlink(x);
            case MKNOD:
                return NameOperations.mknod(x);
            case MKDIR:
                return NameOperations.mkdir(x);
            case UNLINK:
                return NameOperations.unlink(x);
            case RMDIR:
                return NameOperations.rmdir(x);
            case RENAME:
                return NameOperations.rename(x);
            case LINK:
                return NameOperations.link(x);
            case OPEN:
                return FileOperations.open(x);
            case CREATE:
                return FileOperations.create(x);
            case TMPFILE:
                return FileOperations.tmpfile(x);
            case READ:
                return FileOperations.read(x);
            case WRITE:
                return FileOperations.write(x);
            case FLUSH:
                return FileOperations.flush(x);
            case RELEASE:
                return FileOperations.release(x);
            case FSYNC:
                return FileOperations.fsync(x);
            case OPENDIR:
                return DirectoryOperations.opendir(x);
            case READDIR:
                return DirectoryOperations.readdir(x);
            case LISTDIR:
                return DirectoryOperations.listdir(x);
            case GETPATH:
                return DirectoryOperations.getpath(x);
            case STATFS:
                return AttributeOperations.statfs(x);
            case SYNCFS:
                return AttributeOperations.syncfs(x);
            case SETXATTR:
                return XattrOperations.setxattr(x);
            case GETXATTR:
                return XattrOperations.getxattr(x);
            case LISTXATTR:
                return XattrOperations.listxattr(x);
            case REMOVEXATTR:
                return XattrOperations.removexattr(x);
            case GETLK:
                return LockOperations.getlk(x);
            case SETLK:
                return LockOperations.setlk(x);
            case FALLOCATE:
                return FileOperations.fallocate(x);
            case LSEEK:
                return FileOperations.lseek(x);
            case COPY_FILE_RANGE:
                return FileOperations.copyFileRange(x);
            default:
                throw new ProtocolException(opcode + " on a lane");
        }
    }
}
