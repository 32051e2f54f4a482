package io.transfuse.daemon.operation;

import io.transfuse.daemon.fuse.CallerLibrary;
import io.transfuse.protocol.Capabilities;
import io.transfuse.protocol.Credentials;
import io.transfuse.protocol.Limits;
import io.transfuse.transport.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What the kernel knows of the thread behind a request and the request's header does not say: capabilities(7),
 * supplementary groups, user_namespaces(7). The thread waits for the answer meanwhile, so that neither its number nor
 * what is read changes. Of a thread that this process cannot see (pid 0: a process outside of its pid namespace)
 * nothing is known. Belongs to a lane's thread.
 */
final class CallerCredentials {
    private static final int[] NONE = {};
    private static final int ROOT = 0;

    /** _LINUX_CAPABILITY_VERSION_3 of linux/capability.h. */
    private static final int CAPABILITY_VERSION = 0x20080522;

    /** The kernel's number of a capability (linux/capability.h) and the protocol's bit, in turn. */
    private static final int[] CAPABILITIES = {
        0, Capabilities.CHOWN,
        1, Capabilities.DAC_OVERRIDE,
        2, Capabilities.DAC_READ_SEARCH,
        3, Capabilities.FOWNER,
        4, Capabilities.FSETID,
    };

    /** Who has these need not be in any group. */
    private static final int WITHOUT_GROUPS =
            Capabilities.CHOWN | Capabilities.DAC_OVERRIDE | Capabilities.FOWNER | Capabilities.FSETID;

    /** Numbers of chdir, fchdir and chroot; asm/unistd_64.h on x86-64, asm-generic/unistd.h elsewhere. */
    private static final Set<String> CHANGES_DIRECTORY =
            System.getProperty("os.arch").equals("amd64") ? Set.of("80", "81", "161") : Set.of("49", "50", "51");

    private static final int LINK_MAX = 64;

    private final NativeBuffer header = NativeBuffer.allocate(8);
    private final NativeBuffer data = NativeBuffer.allocate(24);
    private final NativeBuffer link = NativeBuffer.allocate(LINK_MAX);
    private final String ownNamespace;

    CallerCredentials() {
        ownNamespace = userNamespace((int) ProcessHandle.current().pid());
    }

    /**
     * Writes a CREDENTIALS request.
     *
     * @param thread the number in the header of the caller's request
     * @param uid the uid there
     * @param accesses whether the request is ACCESS: access(2) takes the real ids for the effective ones
     */
    void encode(final ByteBuffer frame, final int thread, final int uid, final boolean accesses) {
        if (thread == 0) {
            Credentials.encode(frame, 0, NONE, NONE, NONE);
            return;
        }
        final boolean inOwnNamespace = isInOwnNamespace(thread);
        if (inOwnNamespace && uid == ROOT && !accesses) {
            final int capabilities = effective(thread);
            if ((capabilities & WITHOUT_GROUPS) == WITHOUT_GROUPS) {
                Credentials.encode(frame, capabilities, NONE, NONE, NONE);
                return;
            }
        }
        List<String> status;
        int[] uids = NONE;
        int[] gids = NONE;
        int root = ROOT;
        try {
            status = Files.readAllLines(proc(thread, "status"), StandardCharsets.ISO_8859_1);
            if (!inOwnNamespace) {
                final List<String> map = Files.readAllLines(proc(thread, "uid_map"));
                root = rootOf(map);
                uids = ranges(map);
                gids = ranges(Files.readAllLines(proc(thread, "gid_map")));
                if (uids.length == 0) {
                    // Nothing is mapped, and no range would mean everything.
                    uids = new int[] {0, 0};
                }
            }
        } catch (final IOException e) {
            // The caller has just been killed; nobody waits for the answer.
            status = List.of();
        }
        final long capabilities =
                accesses && !changesDirectory(thread) ? ofAccess(status, uid == root) : capabilities(status, "CapEff:");
        Credentials.encode(frame, translated(capabilities), groups(status), uids, gids);
    }

    /** access(2) drops the capabilities of other real ids than root's, and takes all that are permitted for root. */
    private static long ofAccess(final List<String> status, final boolean root) {
        return root ? capabilities(status, "CapPrm:") : 0;
    }

    /** The kernel sends ACCESS for chdir(2), fchdir(2) and chroot(2) too, which take the caller as it is. */
    private static boolean changesDirectory(final int thread) {
        try {
            final String call = Files.readString(proc(thread, "syscall"), StandardCharsets.ISO_8859_1);
            final String number = call.substring(0, Math.max(0, call.indexOf(' ')));
            return CHANGES_DIRECTORY.contains(number);
        } catch (final IOException e) {
            return false;
        }
    }

    private static Path proc(final int thread, final String file) {
        return Path.of("/proc", Integer.toString(thread), file);
    }

    private boolean isInOwnNamespace(final int thread) {
        final String namespace = userNamespace(thread);
        return !namespace.isEmpty() && namespace.equals(ownNamespace);
    }

    private String userNamespace(final int thread) {
        final long length = CallerLibrary.INSTANCE.readlink("/proc/" + thread + "/ns/user", link.address(), LINK_MAX);
        if (length <= 0) {
            return "";
        }
        final byte[] text = new byte[(int) length];
        link.bytes().get(0, text);
        return new String(text, StandardCharsets.US_ASCII);
    }

    private int effective(final int thread) {
        header.bytes().putInt(0, CAPABILITY_VERSION);
        header.bytes().putInt(4, thread);
        // struct __user_cap_data_struct: effective, permitted and inheritable of the first 32 capabilities, then the
        // others'.
        return CallerLibrary.INSTANCE.capget(header.address(), data.address()) == 0
                ? translated(data.bytes().getInt(0))
                : 0;
    }

    private static int translated(final long kernel) {
        int bits = 0;
        for (int i = 0; i < CAPABILITIES.length; i += 2) {
            if ((kernel >>> CAPABILITIES[i] & 1) != 0) {
                bits |= CAPABILITIES[i + 1];
            }
        }
        return bits;
    }

    private static long capabilities(final List<String> status, final String key) {
        final String[] words = words(status, key);
        return words.length == 2 ? Long.parseUnsignedLong(words[1], 16) : 0;
    }

    private static int[] groups(final List<String> status) {
        return Arrays.stream(words(status, "Groups:"))
                .skip(1)
                .limit(Limits.GROUPS_MAX)
                .mapToInt(Integer::parseUnsignedInt)
                .toArray();
    }

    /** The key and the values of a line; empty if there is none. */
    private static String[] words(final List<String> status, final String key) {
        for (final String line : status) {
            if (line.startsWith(key)) {
                return line.trim().split("\\s+");
            }
        }
        return new String[0];
    }

    /** The uid outside of a namespace's root; that of nobody if it has none. */
    private static int rootOf(final List<String> map) {
        for (final String line : map) {
            final String[] words = line.trim().split("\\s+");
            if (words.length == 3 && words[0].equals("0")) {
                return Integer.parseUnsignedInt(words[1]);
            }
        }
        return -1;
    }

    /** First and count, in turn, of the ids outside that a namespace maps. */
    private static int[] ranges(final List<String> map) {
        final List<Integer> ranges = new ArrayList<>();
        for (final String line : map) {
            final String[] words = line.trim().split("\\s+");
            if (words.length == 3 && ranges.size() < 2 * Limits.ID_RANGES_MAX) {
                ranges.add(Integer.parseUnsignedInt(words[1]));
                ranges.add(Integer.parseUnsignedInt(words[2]));
            }
        }
        return ranges.stream().mapToInt(Integer::intValue).toArray();
    }
}
