package io.transfuse.host.operation;

import io.transfuse.host.posix.StatBuffer;
import io.transfuse.protocol.Access;
import io.transfuse.protocol.AccessMask;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Capabilities;
import io.transfuse.protocol.Create;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Getxattr;
import io.transfuse.protocol.Link;
import io.transfuse.protocol.Lookup;
import io.transfuse.protocol.Mkdir;
import io.transfuse.protocol.Mknod;
import io.transfuse.protocol.Name;
import io.transfuse.protocol.Opcode;
import io.transfuse.protocol.OpenFlags;
import io.transfuse.protocol.Opendir;
import io.transfuse.protocol.ProtocolException;
import io.transfuse.protocol.Removexattr;
import io.transfuse.protocol.Rename;
import io.transfuse.protocol.RenameFlags;
import io.transfuse.protocol.RequestFrame;
import io.transfuse.protocol.Rmdir;
import io.transfuse.protocol.Setattr;
import io.transfuse.protocol.SetattrValid;
import io.transfuse.protocol.Setxattr;
import io.transfuse.protocol.Symlink;
import io.transfuse.protocol.Tmpfile;
import io.transfuse.protocol.Unlink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What callers may do, for mounts whose kernel does not check it: a consistent mount's kernel would have to ask for the
 * attributes of the directory that a path begins at before each use of it, which is a request more for nearly every
 * call. The rules are those of the kernel (may_lookup, may_create, may_delete, setattr_prepare, xattr_permission in
 * linux/fs), on the attributes as the guest is shown them, looked at anew for each request. What is refused because the
 * header does not say enough of the caller is refused with a flag; the guest then tells the rest and asks again.
 *
 * <p>Belongs to the lane's thread.
 */
final class Permissions {
    private static final int CHANGE_NAMES = AccessMask.WRITE | AccessMask.EXECUTE;
    private static final int SET_GID_EXECUTE = FileMode.SET_GID | FileMode.GROUP_EXECUTE;
    private static final int OWNER_TIMES = SetattrValid.ATIME | SetattrValid.MTIME;
    private static final int NOW = SetattrValid.ATIME_NOW | SetattrValid.MTIME_NOW;

    /** Of the other classes of extended attributes the guest's kernel decides; see xattr(7). */
    private static final byte[] USER_XATTR = "user.".getBytes(StandardCharsets.US_ASCII);

    private final Exchange x;
    private final boolean checks;
    private final Caller caller = new Caller();
    private final StatBuffer stat = new StatBuffer();
    private final ByteBuffer shown = ByteBuffer.allocate(Attributes.SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /** Of the object that was looked at last. */
    private int mode;

    private int owner;
    private int group;

    Permissions(final Exchange x) {
        this.x = x;
        this.checks = x.session.checksPermissions();
    }

    /** Takes the CREDENTIALS in the exchange's request. */
    void tell() throws ProtocolException {
        caller.tell(x.request);
    }

    /** The request after CREDENTIALS is over. */
    void end() {
        caller.end();
    }

    /**
     * Whether the caller may do what the exchange's request asks for. Opening a file is checked by {@link #open}, where
     * the file is at hand.
     *
     * @return 0 or a negated errno
     */
    int check(final Opcode opcode) {
        if (!checks) {
            return opcode == Opcode.ACCESS ? -Errno.ENOSYS : 0;
        }
        caller.begin(RequestFrame.uid(x.request), RequestFrame.gid(x.request));
        switch (opcode) {
            case LOOKUP:
                return directory(Lookup.parent(x.request), AccessMask.EXECUTE);
            case MKNOD:
                return directory(Mknod.parent(x.request), CHANGE_NAMES);
            case MKDIR:
                return directory(Mkdir.parent(x.request), CHANGE_NAMES);
            case SYMLINK:
                return directory(Symlink.parent(x.request), CHANGE_NAMES);
            case LINK:
                return link();
            case CREATE:
                return directory(Create.parent(x.request), CHANGE_NAMES);
            case TMPFILE:
                return directory(Tmpfile.parent(x.request), CHANGE_NAMES);
            case UNLINK:
                return removal(Unlink.parent(x.request), Unlink.name(), false);
            case RMDIR:
                return removal(Rmdir.parent(x.request), Rmdir.name(), false);
            case RENAME:
                return rename();
            case OPENDIR:
                return directory(Opendir.node(x.request), AccessMask.READ);
            case ACCESS:
                return access();
            case SETATTR:
                return setattr();
            case GETXATTR:
                return xattr(Getxattr.node(x.request), Getxattr.name(), AccessMask.READ);
            case SETXATTR:
                return xattr(Setxattr.node(x.request), Setxattr.name(), AccessMask.WRITE);
            case REMOVEXATTR:
                return xattr(Removexattr.node(x.request), Removexattr.name(), AccessMask.WRITE);
            default:
                // What goes by a handle was decided when it was opened; attributes and links' targets are everybody's.
                return 0;
        }
    }

    /**
     * Whether the caller may open the file whose attributes are in the exchange.
     *
     * @param flags bits of {@link OpenFlags}
     * @return 0 or a negated errno
     */
    int open(final int descriptor, final int flags) {
        if (!checks) {
            return 0;
        }
        show(descriptor, x.posix.self(), x.stat);
        return permit(mask(flags));
    }

    private static int mask(final int flags) {
        if ((flags & OpenFlags.EXECUTE) != 0) {
            return AccessMask.EXECUTE;
        }
        final int truncates = (flags & OpenFlags.TRUNCATE) != 0 ? AccessMask.WRITE : 0;
        switch (flags & OpenFlags.ACCESS_MODE) {
            case OpenFlags.READ_ONLY:
                return AccessMask.READ | truncates;
            case OpenFlags.WRITE_ONLY:
                return AccessMask.WRITE;
            default:
                return AccessMask.READ | AccessMask.WRITE;
        }
    }

    private int directory(final long id, final int mask) {
        final int directory = x.acquireChecked(id);
        if (directory < 0) {
            return directory;
        }
        final int status = look(directory, x.posix.self());
        return status < 0 ? status : permit(mask);
    }

    private int link() {
        final int status = directory(Link.newParent(x.request), CHANGE_NAMES);
        if (status < 0 || !x.session.protectsHardlinks()) {
            return status;
        }
        final int looked = lookAtObject(Link.node(x.request), 0);
        if (looked < 0) {
            return looked;
        }
        final boolean plain = FileMode.isRegular(mode)
                && (mode & FileMode.SET_UID) == 0
                && (mode & SET_GID_EXECUTE) != SET_GID_EXECUTE
                && caller.may(AccessMask.READ | AccessMask.WRITE, mode, owner, group);
        return plain || isOwnerOr(Capabilities.FOWNER) ? 0 : deny(Errno.EPERM);
    }

    private int access() {
        final int mask = Access.mask(x.request);
        return (mask & ~AccessMask.ALL) != 0 ? -Errno.EINVAL : object(Access.node(x.request), mask);
    }

    private int xattr(final long node, final int name, final int mask) {
        final int start = Name.start(name);
        if (Name.length(x.request, name) < USER_XATTR.length) {
            return 0;
        }
        for (int i = 0; i < USER_XATTR.length; i++) {
            if (x.request.get(start + i) != USER_XATTR[i]) {
                return 0;
            }
        }
        return object(node, mask);
    }

    private int object(final long node, final int mask) {
        final int status = lookAtObject(node, 0);
        return status < 0 ? status : permit(mask);
    }

    private int lookAtObject(final long node, final long handle) {
        final int status = x.acquireObject(node, handle);
        if (status < 0) {
            return status;
        }
        try {
            return look(x.acquired().number(), x.posix.self());
        } finally {
            x.acquired().release();
        }
    }

    private int rename() {
        final int oldName = Rename.oldName();
        final int newName = Rename.newName(x.request);
        final long oldParent = Rename.oldParent(x.request);
        final long newParent = Rename.newParent(x.request);
        final boolean moves = oldParent != newParent;
        final int status = removal(oldParent, oldName, moves);
        if (status != 0) {
            return status;
        }
        final boolean exchanges = (Rename.flags(x.request) & RenameFlags.EXCHANGE) != 0;
        final int victim = removal(newParent, newName, moves && exchanges);
        // Where nothing is replaced a name is made, which needs the same of the directory.
        return victim == -Errno.ENOENT && !exchanges ? 0 : victim;
    }

    /**
     * Whether a name may be taken from a directory.
     *
     * @param moves whether what stands there goes to another directory; its name "..", if it is a directory, changes then
     */
    private int removal(final long parent, final int name, final boolean moves) {
        final int directory = x.acquireChecked(parent);
        if (directory < 0) {
            return directory;
        }
        int status = look(directory, x.posix.self());
        if (status < 0) {
            return status;
        }
        final boolean sticky = (mode & FileMode.STICKY) != 0 && !caller.is(owner);
        status = permit(CHANGE_NAMES);
        if (status < 0 || !sticky && !moves) {
            return status;
        }
        status = look(directory, x.nameAddress(name));
        if (status < 0) {
            return status;
        }
        if (sticky && !isOwnerOr(Capabilities.FOWNER)) {
            return deny(Errno.EPERM);
        }
        return moves && FileMode.isDirectory(mode) ? permit(AccessMask.WRITE) : 0;
    }

    private int setattr() {
        final int valid = Setattr.valid(x.request);
        final int status = lookAtObject(Setattr.node(x.request), Setattr.handle(x.request));
        if (status < 0) {
            return status;
        }
        final boolean sizes = (valid & SetattrValid.SIZE) != 0;
        if (sizes && Setattr.handle(x.request) == 0) {
            final int permitted = permit(AccessMask.WRITE);
            if (permitted < 0) {
                return permitted;
            }
        }
        if ((valid & SetattrValid.UID) != 0
                && !(caller.is(owner) && Setattr.uid(x.request) == owner)
                && !caller.isCapable(Capabilities.CHOWN, owner, group)) {
            return deny(Errno.EPERM);
        }
        final int newGroup = (valid & SetattrValid.GID) != 0 ? Setattr.gid(x.request) : group;
        if ((valid & SetattrValid.GID) != 0
                && !(caller.is(owner) && (newGroup == group || caller.isInGroup(newGroup)))
                && !caller.isCapable(Capabilities.CHOWN, owner, group)) {
            return deny(Errno.EPERM);
        }
        if ((valid & SetattrValid.MODE) != 0) {
            final int permitted = mode(newGroup);
            if (permitted < 0) {
                return permitted;
            }
        }
        // A change of the size brings the time with it.
        return sizes ? 0 : times(valid);
    }

    private int mode(final int newGroup) {
        if (!isOwnerOr(Capabilities.FOWNER)) {
            return deny(Errno.EPERM);
        }
        final int wanted = Setattr.mode(x.request);
        if ((wanted & FileMode.SET_GID) != 0
                && !caller.isInGroup(newGroup)
                && !caller.isCapable(Capabilities.FSETID, owner, group)) {
            if (!caller.isTold()) {
                return deny(Errno.EPERM);
            }
            Setattr.setMode(x.request, wanted & ~FileMode.SET_GID);
        }
        return 0;
    }

    /** Who may write may set both times to now; all else is the owner's. */
    private int times(final int valid) {
        final int times = valid & (OWNER_TIMES | NOW);
        if (times == 0 || isOwnerOr(Capabilities.FOWNER)) {
            return 0;
        }
        return (times & NOW) == NOW ? permit(AccessMask.WRITE) : deny(Errno.EPERM);
    }

    private boolean isOwnerOr(final int capability) {
        return caller.is(owner) || caller.isCapable(capability, owner, group);
    }

    /** Looks at an object's attributes as the guest is shown them; 0 or a negated errno. */
    private int look(final int directory, final long name) {
        final int status = x.posix.stat(directory, name, stat);
        if (status >= 0) {
            show(directory, name, stat);
        }
        return status;
    }

    private void show(final int directory, final long name, final StatBuffer of) {
        mode = of.mode();
        if (x.session.givesOwnership()) {
            owner = of.uid();
            group = of.gid();
            return;
        }
        of.putAttributes(shown, 0, of.ino());
        x.session.ownership().show(x.posix, directory, name, of, shown, 0);
        mode = Attributes.mode(shown, 0);
        owner = Attributes.uid(shown, 0);
        group = Attributes.gid(shown, 0);
    }

    private int permit(final int mask) {
        return caller.may(mask, mode, owner, group) ? 0 : deny(Errno.EACCES);
    }

    private int deny(final int errno) {
        if (!caller.isTold()) {
            x.noteDenied();
        }
        return -errno;
    }
}
