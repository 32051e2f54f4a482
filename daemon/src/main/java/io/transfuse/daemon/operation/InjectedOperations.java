package io.transfuse.daemon.operation;

import io.transfuse.daemon.event.Expectations;
import io.transfuse.daemon.event.Injection;
import io.transfuse.daemon.fuse.Attr;
import io.transfuse.daemon.fuse.AttrOut;
import io.transfuse.daemon.fuse.CreateIn;
import io.transfuse.daemon.fuse.EntryOut;
import io.transfuse.daemon.fuse.FallocateIn;
import io.transfuse.daemon.fuse.FuseOpcode;
import io.transfuse.daemon.fuse.InHeader;
import io.transfuse.daemon.fuse.LinkIn;
import io.transfuse.daemon.fuse.MkdirIn;
import io.transfuse.daemon.fuse.MknodIn;
import io.transfuse.daemon.fuse.OpenOut;
import io.transfuse.daemon.fuse.OpenOutFlags;
import io.transfuse.daemon.fuse.OutHeader;
import io.transfuse.daemon.fuse.Rename2In;
import io.transfuse.daemon.fuse.RenameIn;
import io.transfuse.daemon.fuse.SetxattrIn;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Getattr;
import io.transfuse.protocol.Opcode;
import java.io.IOException;

/**
 * The requests that the injector's system calls bring about. The host has made the change that they are about; the answers
 * are such that the kernel tells its watchers and believes nothing for long: no name or attribute of them has a validity.
 *
 * <p>Where the kernel holds the object already, its attributes must not be overwritten by made-up ones: a smaller size would
 * drop pages of a mapping. So either they are the host's, or the kernel is told that its attributes are stale before it gets
 * the reply, upon which it ignores those in the reply (kernel: {@code fuse_change_attributes}).
 */
final class InjectedOperations {
    /** The request is none of those that are expected. */
    private static final int NOT_EXPECTED = Integer.MIN_VALUE + 1;

    /** The request is to be executed as anybody's. */
    static final int EXECUTE = Integer.MIN_VALUE + 2;

    private static final int HIDDEN_MODE = FileMode.DIRECTORY | 0700;
    private static final int BLOCK = 4096;
    private static final long ROOT = 1;
    private static final long HIDDEN_SECONDS = 3600;

    private InjectedOperations() {}

    /**
     * Answers a request with the injector's pid in its header.
     *
     * @return as an operation's; {@link #EXECUTE} for one to be executed as anybody's
     */
    static int answer(final Exchange x, final int opcode) throws IOException {
        final int result = expected(x, opcode);
        if (result != NOT_EXPECTED) {
            return result;
        }
        // What the injector wants changed the host has changed already. A call of it that comes late or finds something
        // else must not change that: upon ESTALE the kernel asks for the names again.
        return isChange(opcode) ? -Errno.ESTALE : EXECUTE;
    }

    /** Pages that are written back come with the pid of whoever makes room, and are somebody's data. */
    private static boolean isChange(final int opcode) {
        switch (opcode) {
            case FuseOpcode.MKNOD:
            case FuseOpcode.MKDIR:
            case FuseOpcode.SYMLINK:
            case FuseOpcode.CREATE:
            case FuseOpcode.LINK:
            case FuseOpcode.SETATTR:
            case FuseOpcode.FALLOCATE:
            case FuseOpcode.SETXATTR:
            case FuseOpcode.UNLINK:
            case FuseOpcode.RMDIR:
            case FuseOpcode.RENAME:
            case FuseOpcode.RENAME2:
                return true;
            default:
                return false;
        }
    }

    private static int expected(final Exchange x, final int opcode) throws IOException {
        final long node = InHeader.node(x.request);
        if (opcode == FuseOpcode.LOOKUP && node == ROOT && x.events.isHidden(component(x, InHeader.SIZE))) {
            return hidden(x, Injection.HIDDEN);
        }
        if (opcode == FuseOpcode.LOOKUP && node == Injection.HIDDEN && Injection.isInner(component(x, InHeader.SIZE))) {
            return hidden(x, Injection.INNER);
        }
        if (opcode == FuseOpcode.OPENDIR && node == Injection.INNER) {
            return x.cache == null ? opened(x, 0) : DirectoryOperations.opendir(x);
        }
        if (opcode == FuseOpcode.GETATTR && Injection.isMadeUp(node)) {
            final Injection injection = x.events.inHand();
            final boolean hidden = node == Injection.HIDDEN || node == Injection.INNER;
            putMadeUp(x, injection == null || hidden ? HIDDEN_MODE : injection.mode(), 1);
            return attributes(x, hidden ? HIDDEN_SECONDS : 0);
        }
        final Injection injection = x.events.inHand();
        if (injection == null) {
            return NOT_EXPECTED;
        }
        switch (opcode) {
            case FuseOpcode.GETATTR:
                return getattr(x, injection);
            case FuseOpcode.LOOKUP:
                return lookup(x, injection);
            case FuseOpcode.MKNOD:
                return make(x, injection, MknodIn.END, false);
            case FuseOpcode.MKDIR:
                return make(x, injection, MkdirIn.END, false);
            case FuseOpcode.SYMLINK:
                return make(x, injection, InHeader.SIZE, false);
            case FuseOpcode.CREATE:
                return make(x, injection, CreateIn.END, true);
            case FuseOpcode.LINK:
                return link(x, injection);
            case FuseOpcode.SETATTR:
                return touch(x, injection);
            case FuseOpcode.OPEN:
                return open(x, injection);
            case FuseOpcode.FALLOCATE:
                return take(x, injection, Expectations.isHandle(FallocateIn.handle(x.request)));
            case FuseOpcode.SETXATTR:
                return take(x, injection, Expectations.isXattr(component(x, SetxattrIn.END)));
            case FuseOpcode.UNLINK:
            case FuseOpcode.RMDIR:
                return remove(x, injection);
            case FuseOpcode.RENAME:
                return rename(x, injection, RenameIn.newParent(x.request), RenameIn.END);
            case FuseOpcode.RENAME2:
                return rename(x, injection, Rename2In.newParent(x.request), Rename2In.END);
            default:
                return NOT_EXPECTED;
        }
    }

    private static byte[] component(final Exchange x, final int at) {
        final byte[] name = new byte[NameOperations.nameLength(x, at)];
        x.request.get(at, name);
        return name;
    }

    /** The directory that has the other side of what is moved in or out of what is watched. */
    private static int hidden(final Exchange x, final long node) {
        putMadeUp(x, HIDDEN_MODE, 2);
        EntryOut.put(x.out, OutHeader.SIZE, node, 0, 0, HIDDEN_SECONDS, 0, 0);
        Attr.put(x.out, OutHeader.SIZE + EntryOut.SIZE, x.known, 0);
        return x.done(EntryOut.SIZE + Attr.SIZE);
    }

    private static int lookup(final Exchange x, final Injection injection) throws IOException {
        final long parent = InHeader.node(x.request);
        final byte[] name = component(x, InHeader.SIZE);
        if (injection.isAt(parent, name)) {
            switch (injection.call()) {
                case MAKE:
                    return x.events.isBegun(injection) ? touched(x, injection) : -Errno.ENOENT;
                case LINK:
                    return -Errno.ENOENT;
                case TOUCH:
                    return touched(x, injection);
                case REMOVE:
                    return ending(x, injection.node(), injection.mode(), injection.links());
                default:
                    return standing(x, injection.node(), injection.mode(), injection.links());
            }
        }
        if (injection.isNewPlace(parent, name)) {
            if (injection.replaced() != 0) {
                return injection.call() == Injection.Call.EXCHANGE
                        ? standing(x, injection.replaced(), injection.replacedMode(), injection.replacedLinks())
                        : ending(x, injection.replaced(), injection.replacedMode(), injection.replacedLinks());
            }
            return -Errno.ENOENT;
        }
        return NOT_EXPECTED;
    }

    /**
     * An object that the change removes. The kernel lists a directory no more that was removed: for one that lives on at
     * another place, because more has happened on the host than was told, something else is removed.
     */
    private static int ending(final Exchange x, final long node, final int mode, final int links) throws IOException {
        final boolean lives = FileMode.isDirectory(mode)
                && !Injection.isMadeUp(node)
                && ask(x, node)
                && Attributes.nlink(x.known, 0) > 0;
        return standing(x, lives ? Injection.SUBSTITUTE : node, mode, lives ? 0 : links);
    }

    /** An object as it stood at a name before the change. */
    private static int standing(final Exchange x, final long node, final int mode, final int links) throws IOException {
        if (links > 0 && !Injection.isMadeUp(node) && ask(x, node)) {
            Attributes.putNlink(x.known, 0, links);
            return entry(x, node);
        }
        if (!Injection.isMadeUp(node)) {
            x.endValidity(node);
        }
        putMadeUp(x, mode, 1);
        return entry(x, node);
    }

    /** The kernel checks permissions on what is changed, which the host may have lost sight of by the change. */
    private static int getattr(final Exchange x, final Injection injection) throws IOException {
        final long node = InHeader.node(x.request);
        final boolean isReplaced = node == injection.replaced();
        if (node != injection.node() && !isReplaced) {
            return NOT_EXPECTED;
        }
        if (!ask(x, node)) {
            x.endValidity(node);
            putMadeUp(x, isReplaced ? injection.replacedMode() : injection.mode(), 1);
        }
        return attributes(x, 0);
    }

    /** The object of a touch: if the host does not have it any more, something else takes its place, for its directory's watchers. */
    private static int touched(final Exchange x, final Injection injection) throws IOException {
        final boolean madeUp = Injection.isMadeUp(injection.node());
        if (!madeUp && ask(x, injection.node())) {
            return entry(x, injection.node());
        }
        putMadeUp(x, injection.mode(), 1);
        return entry(x, madeUp ? injection.node() : Injection.SUBSTITUTE);
    }

    private static int make(final Exchange x, final Injection injection, final int nameAt, final boolean opens)
            throws IOException {
        if (injection.call() != Injection.Call.MAKE
                || !injection.isAt(InHeader.node(x.request), component(x, nameAt))
                || !x.events.take(injection)) {
            return NOT_EXPECTED;
        }
        final long node = injection.node();
        if (Injection.isMadeUp(node) && injection.isDirectory()) {
            // Programs that were quicker than the event may have it as working directory, or watch it.
            final int found = NameOperations.lookup(x, nameAt);
            if (found > 0
                    && EntryOut.node(x.out, OutHeader.SIZE) != 0
                    && FileMode.isDirectory(Attr.mode(x.out, OutHeader.SIZE + EntryOut.SIZE))) {
                return found;
            }
        }
        if (Injection.isMadeUp(node) || !ask(x, node)) {
            putMadeUp(x, injection.mode(), 1);
            entry(x, Injection.isMadeUp(node) ? node : Injection.SUBSTITUTE);
        } else {
            entry(x, node);
        }
        return opens ? opened(x, EntryOut.SIZE + Attr.SIZE) : x.done(EntryOut.SIZE + Attr.SIZE);
    }

    private static int link(final Exchange x, final Injection injection) throws IOException {
        if (injection.call() != Injection.Call.LINK
                || LinkIn.oldNode(x.request) != injection.node()
                || !injection.isAt(InHeader.node(x.request), component(x, LinkIn.END))) {
            return NOT_EXPECTED;
        }
        if (!ask(x, injection.node())) {
            return -Errno.ESTALE;
        }
        return x.events.take(injection) ? entry(x, injection.node()) : NOT_EXPECTED;
    }

    private static int touch(final Exchange x, final Injection injection) throws IOException {
        final long node = InHeader.node(x.request);
        if (!isTouched(injection, node)) {
            return NOT_EXPECTED;
        }
        if (Injection.isMadeUp(node)) {
            putMadeUp(x, injection.mode(), 1);
        } else if (!ask(x, node)) {
            // Upon this the kernel looks the name up again, where something else takes its place.
            return -Errno.ESTALE;
        }
        // Upon this reply the kernel keeps its pages, whatever the time in it, and would keep them when it is told that
        // time again.
        Attributes.putMtime(x.known, 0, 0, 0);
        return x.events.take(injection) ? attributes(x, 0) : NOT_EXPECTED;
    }

    private static boolean isTouched(final Injection injection, final long node) {
        return node == injection.node() || node == Injection.SUBSTITUTE;
    }

    private static int open(final Exchange x, final Injection injection) {
        if (injection.call() != Injection.Call.TOUCH
                || !isTouched(injection, InHeader.node(x.request))
                || !x.events.take(injection)) {
            return NOT_EXPECTED;
        }
        return opened(x, 0);
    }

    /** A touch whose reply has no attributes. */
    private static int take(final Exchange x, final Injection injection, final boolean isTouch) {
        return isTouch
                        && injection.call() == Injection.Call.TOUCH
                        && InHeader.node(x.request) == injection.node()
                        && x.events.take(injection)
                ? x.done(0)
                : NOT_EXPECTED;
    }

    private static int remove(final Exchange x, final Injection injection) {
        return injection.call() == Injection.Call.REMOVE
                        && injection.isAt(InHeader.node(x.request), component(x, InHeader.SIZE))
                        && x.events.take(injection)
                ? x.done(0)
                : NOT_EXPECTED;
    }

    private static int rename(final Exchange x, final Injection injection, final long newParent, final int nameAt) {
        final byte[] name = component(x, nameAt);
        return (injection.call() == Injection.Call.RENAME || injection.call() == Injection.Call.EXCHANGE)
                        && injection.isAt(InHeader.node(x.request), name)
                        && injection.isNewPlace(newParent, component(x, nameAt + name.length + 1))
                        && x.events.take(injection)
                ? x.done(0)
                : NOT_EXPECTED;
    }

    /** Asks for the attributes of an object, which are in {@link Exchange#known} then; false if the host does not have it. */
    private static boolean ask(final Exchange x, final long node) throws IOException {
        if (x.cache != null) {
            if (!CachedOperations.learnAttributes(x, node)) {
                return false;
            }
            x.giveKnown(node, 0);
            return true;
        }
        Getattr.encode(x.frame, node, 0);
        if (x.ask(Opcode.GETATTR, Getattr.REPLY_SIZE) < 0) {
            return false;
        }
        x.known.put(0, x.reply, Getattr.REPLY_ATTRIBUTES, Attributes.SIZE);
        return true;
    }

    /** Makes attributes up, in {@link Exchange#known}. */
    private static void putMadeUp(final Exchange x, final int mode, final int links) {
        for (int i = 0; i < Attributes.SIZE; i += Long.BYTES) {
            x.known.putLong(i, 0);
        }
        Attributes.putObject(x.known, 0, 0, mode, links, 0, 0, BLOCK, 0);
    }

    /** The reply with a node and the attributes in {@link Exchange#known}. */
    private static int entry(final Exchange x, final long node) {
        EntryOut.put(x.out, OutHeader.SIZE, node, 0, 0, 0, 0, 0);
        Attr.put(x.out, OutHeader.SIZE + EntryOut.SIZE, x.known, 0);
        if (!Injection.isMadeUp(node)) {
            x.events.give(node);
        }
        return x.done(EntryOut.SIZE + Attr.SIZE);
    }

    private static int attributes(final Exchange x, final long seconds) {
        AttrOut.put(x.out, OutHeader.SIZE, seconds, 0);
        Attr.put(x.out, OutHeader.SIZE + AttrOut.SIZE, x.known, 0);
        return x.done(AttrOut.SIZE + Attr.SIZE);
    }

    /** The reply, or the rest of it, with a handle that the host does not know. What the kernel keeps of the data stays. */
    private static int opened(final Exchange x, final int at) {
        final int policy = x.cache == null ? CachePolicy.CONSISTENT.openFlags() : CachePolicy.WATCHED.openFlags();
        OpenOut.put(x.out, OutHeader.SIZE + at, Expectations.handle(), policy | OpenOutFlags.NO_FLUSH);
        return x.done(at + OpenOut.SIZE);
    }

    /** An injected reply that the kernel did not take: it holds nothing by it. */
    static boolean takeBack(final Exchange x, final int opcode) {
        if (!x.events.isInjector(InHeader.pid(x.request))) {
            return false;
        }
        switch (opcode) {
            case FuseOpcode.LOOKUP:
            case FuseOpcode.MKNOD:
            case FuseOpcode.MKDIR:
            case FuseOpcode.SYMLINK:
            case FuseOpcode.LINK:
            case FuseOpcode.CREATE:
                return x.events.takeBack(EntryOut.node(x.out, OutHeader.SIZE), 1) == 0;
            case FuseOpcode.OPEN:
            case FuseOpcode.OPENDIR:
                return Expectations.isHandle(OpenOut.handle(x.out, OutHeader.SIZE));
            default:
                return false;
        }
    }
}
