package io.transfuse.daemon.event;

import io.transfuse.protocol.EventKind;
import io.transfuse.protocol.FileMode;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What the {@link Injector} does at once: the system calls that make the kernel tell of one host event, or of several of
 * one file that a local program would have made between open(2) and close(2).
 *
 * @param call the system call that changes a name, or TOUCH
 * @param directory node of the directory of {@code name}; {@link #HIDDEN} for the injector's own directory, 0 for
 *     {@code node} itself, wherever it stands
 * @param name in {@code directory}
 * @param newDirectory as {@code directory}, for {@code newName}; 0 without one
 * @param newName empty without one
 * @param node the object; negative for one that is made up
 * @param mode file type and permissions; never 0
 * @param links link count before the change; 0 where unknown
 * @param replaced what stood at the new name; 0 for nothing
 * @param replacedMode its file type, and permissions where known
 * @param replacedLinks its link count before the change; 0 where unknown
 * @param touches each 'm' for data changed or 'a' for attributes changed, in their order
 * @param closes whether the file, which is open for writing meanwhile, is closed then
 */
public record Injection(
        Call call,
        long directory,
        byte[] name,
        long newDirectory,
        byte[] newName,
        long node,
        int mode,
        int links,
        long replaced,
        int replacedMode,
        int replacedLinks,
        String touches,
        boolean closes) {
    /** The directory that the injector alone finds; the other side of what is moved in or out. */
    public static final long HIDDEN = Long.MIN_VALUE;

    /** A directory in the hidden one, which can be opened without anybody's being told. */
    public static final long INNER = Long.MIN_VALUE + 2;

    /** What takes the place of an object that the host does not have any more. */
    public static final long SUBSTITUTE = Long.MIN_VALUE + 1;

    /** The first of the numbers of objects that are made up. */
    private static final long MADE_UP = Long.MIN_VALUE + 3;

    private static final long ROOT = 1;
    private static final int TOUCHES_MAX = 16;
    private static final byte[] NO_NAME = {};

    static final byte[] INNER_NAME = {'d'};

    /** Where objects stand in the hidden directory. */
    private static final byte[] HIDDEN_PLACE = {'x'};

    /** What is called. */
    public enum Call {
        /** mknod(2), mkdir(2) or symlink(2) by the mode; open(2) with O_CREAT for a file that is closed then. */
        MAKE,
        /** link(2) of {@code node}. */
        LINK,
        /** Nothing but the touches. */
        TOUCH,
        /** unlink(2) or rmdir(2) by the mode. */
        REMOVE,
        /** rename(2). */
        RENAME,
        /** renameat2(2) with RENAME_EXCHANGE. */
        EXCHANGE
    }

    /** Makes the numbers of objects that the guest does not hold; one for each mount. Belongs to one thread. */
    public static final class Numbers {
        private long next = MADE_UP;

        private long of(final long node) {
            return node != 0 ? node : next++;
        }
    }

    /** Whether this number is the daemon's own, so that no host knows it. */
    public static boolean isMadeUp(final long node) {
        return node < 0;
    }

    /**
     * The injection for the first event, and for those behind it that go into it.
     *
     * @param events at least one
     * @param used index 0 gets how many of them are in it
     */
    public static Injection of(final List<HostEvent> events, final Numbers numbers, final int[] used) {
        final HostEvent first = events.get(0);
        used[0] = 1;
        final int type = FileMode.type(first.mode());
        final int mode = withType(first.mode());
        // An object that is given to the kernel with another type than it has is of no use any more.
        final long node = numbers.of(type == 0 ? 0 : first.node());
        // An event without its place: the hidden directory has none that anybody watches. The dentry of a directory
        // would be moved there, though, and the root has none.
        final boolean itself = first.directory() == 0
                && (first.node() == ROOT || (type == FileMode.DIRECTORY && first.kind() != EventKind.DELETE));
        final long directory = itself ? 0 : first.directory() == 0 ? HIDDEN : first.directory();
        final byte[] name = first.directory() == 0 ? HIDDEN_PLACE : first.name();
        switch (first.kind()) {
            case CREATE:
                if (first.links() > 1 && first.node() != 0 && type != FileMode.DIRECTORY) {
                    return new Injection(
                            Call.LINK, directory, name, 0, NO_NAME, node, mode, first.links(), 0, 0, 0, "", false);
                }
                // A file that the guest has found already is made as another one, which the next lookup corrects; a
                // directory may be somebody's working directory already.
                final boolean found = first.node() != 0;
                final long made = found && type == FileMode.DIRECTORY ? node : numbers.of(0);
                return touching(Call.MAKE, found ? events.subList(0, 1) : events, directory, name, made, mode, used);
            case DELETE:
                return new Injection(
                        Call.REMOVE,
                        directory,
                        name,
                        0,
                        NO_NAME,
                        node,
                        mode,
                        first.links() == 0 ? 0 : first.links() + 1,
                        0,
                        0,
                        0,
                        "",
                        false);
            case RENAME:
                return moving(first, directory, name, first.newDirectory(), first.newName(), node, mode);
            case EXCHANGE:
                return exchanging(first, directory, name, node, mode, numbers);
            case MOVED_FROM:
                return moving(first, directory, name, HIDDEN, HIDDEN_PLACE, node, mode);
            case MOVED_TO:
                return moving(first, HIDDEN, HIDDEN_PLACE, directory, name, node, mode);
            case MODIFY:
            case CLOSE_WRITE:
            case ATTRIB:
                return touching(Call.TOUCH, events, directory, name, node, mode, used);
        }
        throw new IllegalStateException(first.kind().toString());
    }

    /** A regular file where the type is unknown. */
    private static int withType(final int mode) {
        return FileMode.type(mode) == 0 ? FileMode.REGULAR | mode : mode;
    }

    /** Both must be there for the kernel, also what the guest does not hold. */
    private static Injection exchanging(
            final HostEvent event,
            final long directory,
            final byte[] name,
            final long node,
            final int mode,
            final Numbers numbers) {
        final boolean isKnown = FileMode.type(event.replacedMode()) != 0;
        return new Injection(
                Call.EXCHANGE,
                directory,
                name,
                event.newDirectory(),
                event.newName(),
                node,
                mode,
                0,
                numbers.of(isKnown ? event.replaced() : 0),
                withType(event.replacedMode()),
                event.replacedLinks(),
                "",
                false);
    }

    private static Injection moving(
            final HostEvent event,
            final long directory,
            final byte[] name,
            final long newDirectory,
            final byte[] newName,
            final long node,
            final int mode) {
        return new Injection(
                Call.RENAME,
                directory,
                name,
                newDirectory,
                newName,
                node,
                mode,
                0,
                FileMode.type(event.replacedMode()) == 0 ? 0 : event.replaced(),
                event.replacedMode(),
                event.replacedLinks() == 0 ? 0 : event.replacedLinks() + 1,
                "",
                false);
    }

    /** Takes in what follows, up to the close of the file. */
    private static Injection touching(
            final Call call,
            final List<HostEvent> events,
            final long directory,
            final byte[] name,
            final long node,
            final int mode,
            final int[] used) {
        final StringBuilder touches = new StringBuilder();
        boolean closes = false;
        int i = call == Call.MAKE ? 1 : 0;
        while (i < events.size() && !closes && touches.length() < TOUCHES_MAX) {
            final HostEvent event = events.get(i);
            if (!event.isOfSameObject(events.get(0))) {
                break;
            }
            if (event.kind() == EventKind.CLOSE_WRITE) {
                closes = true;
            } else if (event.kind() == EventKind.MODIFY) {
                touches.append('m');
            } else if (event.kind() == EventKind.ATTRIB) {
                touches.append('a');
            } else {
                break;
            }
            i++;
        }
        used[0] = i;
        return new Injection(
                call,
                directory,
                name,
                0,
                NO_NAME,
                node,
                mode,
                0,
                0,
                0,
                0,
                touches.toString(),
                closes && FileMode.isRegular(mode));
    }

    /** How many requests the system calls make at most that are answered from here: the call or the opening, and the touches. */
    int requests() {
        return 1 + touches.length();
    }

    /** Whether this can be done: the mount's root itself cannot be removed. */
    public boolean isPossible() {
        return call == Call.TOUCH ? closes || !touches.isEmpty() : directory != 0;
    }

    /** Whether this is the name of {@link #INNER}. */
    public static boolean isInner(final byte[] component) {
        return Arrays.equals(component, INNER_NAME);
    }

    /** Whether it is about the data of a file that the guest holds, so that the file is open meanwhile. */
    boolean opens() {
        return call == Call.TOUCH && node > 0 && FileMode.isRegular(mode) && (closes || touches.indexOf('m') >= 0);
    }

    /** The object that this leaves without a name, as far as is known; 0 for none. */
    long ended() {
        if (call == Call.REMOVE) {
            return links > 1 ? 0 : node;
        }
        return call == Call.RENAME && replacedLinks <= 1 ? replaced : 0;
    }

    /**
     * What tells at least a part of it, if something does, where the whole was not possible: a file that cannot be opened for writing has its
     * changes told without the close; a new name of an object that the host does not have any more is told to those who watch
     * the directory; a move from or to a directory that the kernel does not hold is told to those who watch the other one.
     */
    public List<Injection> instead(final Numbers numbers) {
        if (call == Call.TOUCH && closes && !touches.isEmpty()) {
            return List.of(of(Call.TOUCH, node));
        }
        if (call == Call.LINK) {
            return List.of(of(Call.MAKE, numbers.of(0)));
        }
        if (call == Call.RENAME && directory != HIDDEN && newDirectory != HIDDEN) {
            return List.of(
                    new Injection(call, directory, name, HIDDEN, HIDDEN_PLACE, node, mode, 0, 0, 0, 0, "", false),
                    new Injection(
                            call,
                            HIDDEN,
                            HIDDEN_PLACE,
                            newDirectory,
                            newName,
                            node,
                            mode,
                            0,
                            replaced,
                            replacedMode,
                            replacedLinks,
                            "",
                            false));
        }
        return List.of();
    }

    private Injection of(final Call otherCall, final long otherNode) {
        return new Injection(otherCall, directory, name, 0, NO_NAME, otherNode, mode, 0, 0, 0, 0, touches, false);
    }

    public boolean isDirectory() {
        return FileMode.isDirectory(mode);
    }

    /** Whether this is the place of {@code name}. */
    public boolean isAt(final long parent, final byte[] component) {
        return parent == directory && Arrays.equals(component, name);
    }

    /** Whether this is the place of {@code newName}. */
    public boolean isNewPlace(final long parent, final byte[] component) {
        return newDirectory != 0 && parent == newDirectory && Arrays.equals(component, newName);
    }

    /** The directories that have to be reached for it, but the root and those of the injector. */
    public List<Long> directories() {
        final LongStream directories =
                directory == 0 && isDirectory() ? LongStream.of(node) : LongStream.of(directory, newDirectory);
        return directories.filter(reached -> reached > ROOT).distinct().boxed().collect(Collectors.toList());
    }

    /** For log lines. */
    @Override
    public String toString() {
        return call + " " + directory + "/" + new String(name, StandardCharsets.UTF_8)
                + (newDirectory == 0 ? "" : " to " + newDirectory + "/" + new String(newName, StandardCharsets.UTF_8))
                + " node " + node + " mode " + Integer.toOctalString(mode) + " touches " + touches
                + (closes ? " and closes" : "");
    }

    /** Writes what the injector has to know. */
    void write(final DataOutput out) throws IOException {
        out.writeByte(call.ordinal());
        out.writeLong(directory);
        writeBytes(out, name);
        out.writeLong(newDirectory);
        writeBytes(out, newName);
        out.writeLong(node);
        out.writeInt(mode);
        out.writeInt(links);
        out.writeLong(replaced);
        out.writeInt(replacedLinks);
        out.writeUTF(touches);
        out.writeBoolean(closes);
    }

    /** Reads what {@link #write} wrote. */
    static Injection read(final DataInput in) throws IOException {
        final int call = in.readUnsignedByte();
        return new Injection(
                Call.values()[call],
                in.readLong(),
                readBytes(in),
                in.readLong(),
                readBytes(in),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readLong(),
                0,
                in.readInt(),
                in.readUTF(),
                in.readBoolean());
    }

    private static void writeBytes(final DataOutput out, final byte[] bytes) throws IOException {
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    static byte[] readBytes(final DataInput in) throws IOException {
        final byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return bytes;
    }
}
