package io.transfuse.daemon.operation;

import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.event.Injection;
import io.transfuse.daemon.fuse.EntryOut;
import io.transfuse.daemon.fuse.FuseOpcode;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.InterruptIn;
import io.transfuse.daemon.fuse.LinkIn;
import io.transfuse.daemon.fuse.OpenOut;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.ReleaseIn;
import io.transfuse.daemon.fuse.Rename2In;
import io.transfuse.daemon.fuse.RenameIn;
import io.transfuse.protocol.Create;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.Opendir;
import io.transfuse.protocol.Tmpfile;
import java.io.IOException;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the kernel's requests: the one table of what is done for each. */
public final class Operations {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private Operations() {}

    /**
     * Answers the request in {@code x}.
     *
     * @param isInHand tells whether some lane is at work on the request with this unique number
     * @return 0 or the errno that the caller got
     * @throws IOException if the host is lost; the caller of the request has got EIO
     */
    public static int execute(final Exchange x, final LongPredicate isInHand) throws IOException {
        final int opcode = x.opcode();
        final long unique = x.unique();
        x.begin();
        int result;
        IOException lost = null;
        try {
            result = x.events == null ? dispatch(x, opcode, isInHand) : dispatchWithEvents(x, opcode, isInHand);
            if (result == -Errno.ESTALE && x.cache != null) {
                noteLost(x, opcode);
            }
        } catch (final IOException e) {
            lost = e;
            result = hasReply(opcode) ? -Errno.EIO : Exchange.NO_REPLY;
        } catch (final RuntimeException e) {
            LOG.error("The request {} failed and answers EIO", opcode, e);
            result = hasReply(opcode) ? -Errno.EIO : Exchange.NO_REPLY;
        }
        if (result == Exchange.NO_REPLY && hasReply(opcode)) {
            x.channel.leave(unique);
        } else if (result == Exchange.NO_REPLY) {
            x.channel.pass(unique);
        } else {
            final int refused = x.answer(unique, result);
            x.endLasting();
            if (refused == Errno.ENOENT && result > 0) {
                giveBack(x, opcode);
            } else if (refused != 0 && refused != Errno.ENODEV && refused != Errno.ENOENT) {
                LOG.error("The kernel refuses the reply to request {}: {}", opcode, Errno.name(refused));
                x.answer(unique, -Errno.EIO);
            }
        }
        if (lost != null) {
            throw lost;
        }
        x.forgetDropped();
        return result < 0 && result != Exchange.NO_REPLY ? -result : 0;
    }

    /** Answers the request in {@code x} with EIO, because there is no way to the host. */
    public static void refuse(final Exchange x) {
        x.begin();
        if (hasReply(x.opcode())) {
            x.answer(x.unique(), -Errno.EIO);
        } else {
            x.channel.pass(x.unique());
        }
    }

    /**
     * The kernel looks the path up again before it answers ESTALE to its caller; what was remembered of it must not be the
     * answer then.
     */
    private static void noteLost(final Exchange x, final int opcode) {
        if (opcode == FuseOpcode.WRITE) {
            // It has no path, and its header has been overwritten.
            return;
        }
        x.cache.secondWalks().begin(InHeader.pid(x.request), System.nanoTime());
        x.cache.facts().doubtObject(InHeader.node(x.request));
        switch (opcode) {
            case FuseOpcode.LINK:
                x.cache.facts().doubtObject(LinkIn.oldNode(x.request));
                break;
            case FuseOpcode.RENAME:
                x.cache.facts().doubtObject(RenameIn.newParent(x.request));
                break;
            case FuseOpcode.RENAME2:
                x.cache.facts().doubtObject(Rename2In.newParent(x.request));
                break;
            default:
        }
    }

    private static boolean hasReply(final int opcode) {
        return opcode != FuseOpcode.FORGET && opcode != FuseOpcode.BATCH_FORGET && opcode != FuseOpcode.INTERRUPT;
    }

    /** The caller was interrupted and the kernel does not take the reply: what it would hold is given back. */
    private static void giveBack(final Exchange x, final int opcode) throws IOException {
        if (x.events != null && InjectedOperations.takeBack(x, opcode)) {
            return;
        }
        switch (opcode) {
            case FuseOpcode.LOOKUP:
            case FuseOpcode.MKNOD:
            case FuseOpcode.MKDIR:
            case FuseOpcode.SYMLINK:
            case FuseOpcode.LINK:
                // The five replies have their node at one place; an absent name has none.
                if (EntryOut.node(x.out, OutHeader.SIZE) != 0) {
                    x.giveBackNode(EntryOut.node(x.out, OutHeader.SIZE));
                }
                break;
            case FuseOpcode.OPEN:
                x.openNodes.released(InHeader.node(x.request));
                giveBackOpened(x, OpenOut.handle(x.out, OutHeader.SIZE));
                break;
            case FuseOpcode.OPENDIR:
                x.giveBackHandle(Opendir.replyHandle(x.reply));
                break;
            case FuseOpcode.CREATE:
                x.openNodes.released(Create.replyNode(x.reply));
                x.giveBackHandle(Create.replyHandle(x.reply));
                x.giveBackNode(Create.replyNode(x.reply));
                break;
            case FuseOpcode.TMPFILE:
                x.openNodes.released(Tmpfile.replyNode(x.reply));
                x.giveBackHandle(Tmpfile.replyHandle(x.reply));
                x.giveBackNode(Tmpfile.replyNode(x.reply));
                break;
            case FuseOpcode.READDIRPLUS:
                x.takeBackGiven();
                break;
            default:
                break;
        }
    }

    private static void giveBackOpened(final Exchange x, final long handle) throws IOException {
        if (x.cache == null || !LocalFile.isLocal(handle)) {
            x.giveBackHandle(handle);
        } else {
            x.cache.files().remove(handle);
        }
    }

    /** What the injector's system calls ask for is answered without the host, and what is made up is nobody else's. */
    private static int dispatchWithEvents(final Exchange x, final int opcode, final LongPredicate isInHand)
            throws IOException {
        if (x.events.isInjector(InHeader.pid(x.request))) {
            final int result = InjectedOperations.answer(x, opcode);
            if (result != InjectedOperations.EXECUTE) {
                return result;
            }
        }
        if ((opcode == FuseOpcode.RELEASE || opcode == FuseOpcode.RELEASEDIR)
                && Expectations.isHandle(ReleaseIn.handle(x.request))) {
            return x.done(0);
        }
        return Injection.isMadeUp(InHeader.node(x.request)) && opcode != FuseOpcode.FORGET
                ? -Errno.ESTALE
                : dispatch(x, opcode, isInHand);
    }

    private static int dispatch(final Exchange x, final int opcode, final LongPredicate isInHand) throws IOException {
        switch (opcode) {
            case FuseOpcode.LOOKUP:
                return NameOperations.lookup(x);
            case FuseOpcode.FORGET:
                return NameOperations.forget(x);
            case FuseOpcode.BATCH_FORGET:
                return NameOperations.batchForget(x);
            case FuseOpcode.GETATTR:
                return AttributeOperations.getattr(x);
            case FuseOpcode.STATX:
                return AttributeOperations.statx(x);
            case FuseOpcode.SETATTR:
                return AttributeOperations.setattr(x);
            case FuseOpcode.ACCESS:
                return AttributeOperations.access(x);
            case FuseOpcode.READLINK:
                return NameOperations.readlink(x);
            case FuseOpcode.SYMLINK:
                return NameOperations.symlink(x);
            case FuseOpcode.MKNOD:
                return NameOperations.mknod(x);
            case FuseOpcode.MKDIR:
                return NameOperations.mkdir(x);
            case FuseOpcode.UNLINK:
                return NameOperations.unlink(x);
            case FuseOpcode.RMDIR:
                return NameOperations.rmdir(x);
            case FuseOpcode.RENAME:
                return NameOperations.rename(x);
            case FuseOpcode.RENAME2:
                return NameOperations.rename2(x);
            case FuseOpcode.LINK:
                return NameOperations.link(x);
            case FuseOpcode.OPEN:
                return FileOperations.open(x);
            case FuseOpcode.CREATE:
                return FileOperations.create(x);
            case FuseOpcode.TMPFILE:
                return FileOperations.tmpfile(x);
            case FuseOpcode.READ:
                return FileOperations.read(x);
            case FuseOpcode.WRITE:
                return FileOperations.write(x);
            case FuseOpcode.FLUSH:
                return FileOperations.flush(x);
            case FuseOpcode.RELEASE:
                return FileOperations.release(x);
            case FuseOpcode.RELEASEDIR:
                return FileOperations.releasedir(x);
            case FuseOpcode.FSYNC:
                return FileOperations.fsync(x);
            case FuseOpcode.FSYNCDIR:
                return x.cache != null ? CachedOperations.fsyncdir(x) : FileOperations.fsync(x);
            case FuseOpcode.OPENDIR:
                return DirectoryOperations.opendir(x);
            case FuseOpcode.READDIR:
                return DirectoryOperations.readdir(x);
            case FuseOpcode.READDIRPLUS:
                return DirectoryOperations.readdirplus(x);
            case FuseOpcode.STATFS:
                return AttributeOperations.statfs(x);
            case FuseOpcode.SYNCFS:
                return AttributeOperations.syncfs(x);
            case FuseOpcode.SETXATTR:
                return XattrOperations.setxattr(x);
            case FuseOpcode.GETXATTR:
                return XattrOperations.getxattr(x);
            case FuseOpcode.LISTXATTR:
                return XattrOperations.listxattr(x);
            case FuseOpcode.REMOVEXATTR:
                return XattrOperations.removexattr(x);
            case FuseOpcode.GETLK:
                return LockOperations.getlk(x);
            case FuseOpcode.SETLK:
                return LockOperations.setlk(x);
            case FuseOpcode.SETLKW:
                return LockOperations.setlkw(x);
            case FuseOpcode.FALLOCATE:
                return FileOperations.fallocate(x);
            case FuseOpcode.LSEEK:
                return FileOperations.lseek(x);
            case FuseOpcode.COPY_FILE_RANGE:
                return FileOperations.copyFileRange(x);
            case FuseOpcode.COPY_FILE_RANGE_64:
                return FileOperations.copyFileRange64(x);
            case FuseOpcode.INTERRUPT:
                return interrupt(x, isInHand);
            case FuseOpcode.IOCTL:
                return -Errno.ENOTTY;
            case FuseOpcode.DESTROY:
                return x.done(0);
            default:
                // POLL: files are always ready, as the kernel then
                // answers. BMAP, SETUPMAPPING, REMOVEMAPPING: there is no device behind. docs/architecture.md lists
                // them.
                return -Errno.ENOSYS;
        }
    }

    /**
     * Only lock requests can wait for long. For a request that nobody has in hand, EAGAIN makes the kernel send the
     * interrupt again, unless the request has been answered: it may just be on its way into a lane.
     */
    private static int interrupt(final Exchange x, final LongPredicate isInHand) throws IOException {
        final long target = InterruptIn.target(x.request);
        final boolean inHand = isInHand.test(target);
        return x.locks.interrupt(target) || inHand ? Exchange.NO_REPLY : -Errno.EAGAIN;
    }

    /** A request was read: one that can come to wait can be interrupted from now on. */
    public static void register(final Exchange x) {
        if (x.opcode() == FuseOpcode.SETLKW) {
            x.locks.register(x.unique(), x.channel, InHeader.node(x.request), LockOperations.isPosix(x));
        }
    }

    /** The name of an operation, for status and log lines. */
    public static String name(final int opcode) {
        return FuseOpcode.name(opcode);
    }
}
