package io.transfuse.transport;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * The processors of this machine, where Linux says which there are and lets a thread have one. See sched_setaffinity(2),
 * proc(5) and Documentation/ABI/testing/sysfs-devices-system-cpu.
 */
public final class Processors {
    private static final Path POSSIBLE = Path.of("/sys/devices/system/cpu/possible");
    private static final Path ONLINE = Path.of("/sys/devices/system/cpu/online");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /** Bytes of a mask for 8,192 processors, the most that Linux can have. */
    private static final int MASK_SIZE = 1024;

    private Processors() {}

    /** How many there are; 0 if more may come or some are missing, or it cannot be told. */
    public static int count() {
        try {
            final String online = Files.readString(ONLINE).trim();
            return online.equals(Files.readString(POSSIBLE).trim()) ? ofList(online) : 0;
        } catch (final IOException e) {
            return 0;
        }
    }

    /** How many the kernel's list names if they are one row from 0 on, else 0. */
    static int ofList(final String list) {
        if (list.equals("0")) {
            return 1;
        }
        return list.matches("0-[0-9]{1,4}") ? Integer.parseInt(list.substring(2)) + 1 : 0;
    }

    /** What tells this machine, since its boot, from all others; empty on macOS. */
    public static Optional<UUID> machine() {
        try {
            return Optional.of(UUID.fromString(Files.readString(BOOT_ID).trim()));
        } catch (final IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Has the calling thread run on this processor only, if this process may use it; does nothing on macOS.
     *
     * @param processor 0 to 8,191
     */
    public static void bind(final int processor) {
        if (Platform.MACOS) {
            return;
        }
        final NativeBuffer mask = NativeBuffer.allocate(MASK_SIZE);
        mask.bytes().putLong(processor / Long.SIZE * Long.BYTES, 1L << processor % Long.SIZE);
        // Fails for one outside of this process's cpuset: the thread then runs where it may.
        SocketLibrary.INSTANCE.sched_setaffinity(0, MASK_SIZE, mask.address());
        Reference.reachabilityFence(mask);
    }
}
