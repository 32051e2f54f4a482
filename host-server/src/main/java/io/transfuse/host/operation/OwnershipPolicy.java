package io.transfuse.host.operation;

import io.transfuse.host.posix.Posix;
import io.transfuse.host.posix.StatBuffer;
import io.transfuse.protocol.Attributes;
import io.transfuse.protocol.Errno;
import io.transfuse.protocol.FileMode;
import io.transfuse.protocol.Ownership;
import io.transfuse.protocol.SetattrValid;
import io.transfuse.transport.NativeBuffer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Whom objects belong to, as the guest sees it (I2 of docs/semantics.md). {@code passthrough} shows and sets what the
 * host has; {@code fixed} shows one owner; {@code recorded} shows one owner until the guest sets another owner or a mode
 * that the server may not apply, which is then kept in the attribute {@code user.transfuse.owner} as
 * {@code uid:gid:mode}, the mode in octal.
 *
 * <p>Immutable; any thread may use it.
 */
public final class OwnershipPolicy {
    /** The attribute that keeps what is recorded; guests neither see nor change it. */
    public static final String ATTRIBUTE = "user.transfuse.owner";

    private static final int UID_GID = SetattrValid.UID | SetattrValid.GID;
    private static final int RECORD_MAX = 32;
    private static final byte[] ATTRIBUTE_BYTES = ATTRIBUTE.getBytes(StandardCharsets.US_ASCII);

    private final Ownership ownership;
    private final NativeBuffer attribute;

    public OwnershipPolicy(final Ownership ownership) {
        this.ownership = ownership;
        this.attribute = NativeBuffer.allocate(ATTRIBUTE_BYTES.length + 1);
        attribute.bytes().put(0, ATTRIBUTE_BYTES);
    }

    boolean givesToCaller() {
        return ownership.policy() == Ownership.Policy.PASSTHROUGH;
    }

    /** Whether a new file needs access for the server itself, because the mode asked for is recorded. */
    boolean records() {
        return ownership.policy() == Ownership.Policy.RECORDED;
    }

    /** Whether the attribute whose name lies at {@code at} is the server's own. */
    boolean isReserved(final ByteBuffer names, final int at, final int length) {
        if (!records() || length != ATTRIBUTE_BYTES.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (names.get(at + i) != ATTRIBUTE_BYTES[i]) {
                return false;
            }
        }
        return true;
    }

    /** Writes owner and mode as the guest is to see them over those of the host. */
    public void show(
            final Posix posix,
            final int directory,
            final long name,
            final StatBuffer stat,
            final ByteBuffer frame,
            final int at) {
        if (givesToCaller()) {
            return;
        }
        Attributes.putOwner(frame, at, ownership.uid(), ownership.gid());
        if (records() && mayRecord(stat.mode())) {
            final Owner recorded = read(posix, directory, name);
            if (recorded != null) {
                Attributes.putOwner(frame, at, recorded.uid(), recorded.gid());
                Attributes.putMode(frame, at, FileMode.type(stat.mode()) | (recorded.mode() & FileMode.PERMISSIONS));
            }
        }
    }

    /** Changes owner and mode of an object; 0 or a negated errno. */
    int change(
            final Posix posix,
            final int descriptor,
            final StatBuffer stat,
            final int valid,
            final int uid,
            final int gid,
            final int mode) {
        switch (ownership.policy()) {
            case PASSTHROUGH:
                return changeOnHost(posix, descriptor, valid, uid, gid, mode);
            case FIXED:
                final boolean other = ((valid & SetattrValid.UID) != 0 && uid != ownership.uid())
                        || ((valid & SetattrValid.GID) != 0 && gid != ownership.gid());
                return other ? -Errno.EPERM : changeOnHost(posix, descriptor, valid & ~UID_GID, uid, gid, mode);
            default:
                return record(posix, descriptor, stat, valid, uid, gid, mode);
        }
    }

    private static int changeOnHost(
            final Posix posix, final int descriptor, final int valid, final int uid, final int gid, final int mode) {
        if ((valid & UID_GID) != 0) {
            final int status = posix.changeOwner(
                    descriptor, (valid & SetattrValid.UID) != 0 ? uid : -1, (valid & SetattrValid.GID) != 0 ? gid : -1);
            if (status < 0) {
                return status;
            }
        }
        return (valid & SetattrValid.MODE) != 0 ? posix.changeMode(descriptor, mode & FileMode.PERMISSIONS) : 0;
    }

    /** After creation: keeps what the host could not give the new object. */
    int created(
            final Posix posix,
            final int descriptor,
            final StatBuffer stat,
            final int uid,
            final int gid,
            final int mode) {
        if (!records() || !mayRecord(stat.mode())) {
            return 0;
        }
        return record(posix, descriptor, stat, SetattrValid.UID | SetattrValid.GID | SetattrValid.MODE, uid, gid, mode);
    }

    private int record(
            final Posix posix,
            final int descriptor,
            final StatBuffer stat,
            final int valid,
            final int uid,
            final int gid,
            final int mode) {
        final Owner before = mayRecord(stat.mode()) ? read(posix, descriptor, posix.self()) : null;
        final Owner shown = before != null
                ? before
                : new Owner(ownership.uid(), ownership.gid(), stat.mode() & FileMode.PERMISSIONS);
        final Owner wanted = new Owner(
                (valid & SetattrValid.UID) != 0 ? uid : shown.uid(),
                (valid & SetattrValid.GID) != 0 ? gid : shown.gid(),
                (valid & SetattrValid.MODE) != 0 ? mode & FileMode.PERMISSIONS : shown.mode());
        if (!mayRecord(stat.mode())) {
            return wanted.equals(shown) ? 0 : -Errno.EPERM;
        }
        // The host's mode must not shut out the server itself.
        final int own = FileMode.isDirectory(stat.mode()) ? 0700 : 0600;
        final int hostMode = (wanted.mode() & 0777) | own;
        if (hostMode != (stat.mode() & FileMode.PERMISSIONS)) {
            final int status = posix.changeMode(descriptor, hostMode);
            if (status < 0) {
                return status;
            }
        }
        final boolean plain =
                wanted.uid() == ownership.uid() && wanted.gid() == ownership.gid() && wanted.mode() == hostMode;
        return plain && before == null ? 0 : write(posix, descriptor, wanted);
    }

    /** The kernel keeps user attributes for these only; see xattr(7). */
    private static boolean mayRecord(final int mode) {
        return FileMode.isRegular(mode) || FileMode.isDirectory(mode);
    }

    private record Owner(int uid, int gid, int mode) {}

    private Owner read(final Posix posix, final int directory, final long name) {
        int descriptor = directory;
        if (name != posix.self()) {
            descriptor = posix.openReference(directory, name);
            if (descriptor < 0) {
                return null;
            }
        }
        try {
            final NativeBuffer value = NativeBuffer.allocate(RECORD_MAX);
            final long length = posix.getXattr(descriptor, attribute.address(), value.address(), RECORD_MAX);
            return length > 0 ? parse(value.bytes(), (int) length) : null;
        } finally {
            if (descriptor != directory) {
                posix.close(descriptor);
            }
        }
    }

    /** Null for what this server did not write. */
    private static Owner parse(final ByteBuffer bytes, final int length) {
        final byte[] text = new byte[length];
        bytes.get(0, text);
        final String[] fields = new String(text, StandardCharsets.US_ASCII).split(":", -1);
        try {
            return fields.length == 3
                    ? new Owner(
                            Integer.parseUnsignedInt(fields[0]),
                            Integer.parseUnsignedInt(fields[1]),
                            Integer.parseUnsignedInt(fields[2], 8))
                    : null;
        } catch (final NumberFormatException notARecord) {
            return null;
        }
    }

    private int write(final Posix posix, final int descriptor, final Owner owner) {
        final byte[] text = (Integer.toUnsignedString(owner.uid())
                        + ":"
                        + Integer.toUnsignedString(owner.gid())
                        + ":"
                        + Integer.toOctalString(owner.mode()))
                .getBytes(StandardCharsets.US_ASCII);
        final NativeBuffer value = NativeBuffer.allocate(RECORD_MAX);
        value.bytes().put(0, text);
        final int status = posix.setXattr(descriptor, attribute.address(), value.address(), text.length, 0);
        Reference.reachabilityFence(value);
        return status;
    }
}
