package io.transfuse.daemon.event;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which requests of the {@link Injector} a mount's lanes answer without the host, and what the kernel holds by those answers
 * that the host has not counted. One injection at a time is expected. Thread-safe.
 */
public final class Expectations {
    /** Files that the injector opened have this bit in their handles; no handle of a host does. */
    private static final long HANDLE = 1L << 61;

    private static final int HIDDEN_NAME_BYTES = 12;

    /** The extended attribute that the injector sets to have a change of attributes told; nothing has it. */
    static final String XATTR = "trusted.transfuse.changed";

    private static final byte[] XATTR_BYTES = XATTR.getBytes(StandardCharsets.US_ASCII);

    private final byte[] hiddenName = hiddenName();
    private final ConcurrentHashMap<Long, Long> given = new ConcurrentHashMap<>();
    private volatile int injector;
    private volatile InHand inHand;

    /** An injection, and how much of it has been asked for. */
    private static final class InHand {
        final Injection injection;
        final AtomicInteger left;

        InHand(final Injection injection) {
            this.injection = injection;
            this.left = new AtomicInteger(injection.requests());
        }
    }

    /** Nobody else finds it, since nobody else knows it and no other caller's request is answered from here. */
    private static byte[] hiddenName() {
        final byte[] random = new byte[HIDDEN_NAME_BYTES];
        new SecureRandom().nextBytes(random);
        return (".transfuse-" + HexFormat.of().formatHex(random)).getBytes(StandardCharsets.US_ASCII);
    }

    /** The name of the hidden directory in the mount's root. */
    public byte[] hidden() {
        return hiddenName.clone();
    }

    /** Whether the name is that of the hidden directory. */
    public boolean isHidden(final byte[] name) {
        return Arrays.equals(name, hiddenName);
    }

    /** Whether the extended attribute is that which only the injector sets. */
    public static boolean isXattr(final byte[] name) {
        return Arrays.equals(name, XATTR_BYTES);
    }

    /** A handle for a file that the injector opens. */
    public static long handle() {
        return HANDLE;
    }

    /** Whether a handle is one of the injector's. */
    public static boolean isHandle(final long handle) {
        return (handle & HANDLE) != 0 && handle > 0;
    }

    /**
     * The thread whose requests are expected.
     *
     * @param thread its id in this pid namespace, as request headers have it; 0 while there is none
     */
    void setInjector(final int thread) {
        injector = thread;
    }

    /** Whether a request with this pid in its header is the injector's. */
    public boolean isInjector(final int pid) {
        return pid != 0 && pid == injector;
    }

    /** From now on the requests of this injection are answered. */
    public void begin(final Injection injection) {
        inHand = new InHand(injection);
    }

    /**
     * The injection is over.
     *
     * @return whether a request of it was answered, so that the kernel may have told a part of it at least
     */
    public boolean end() {
        final InHand ended = inHand;
        inHand = null;
        return ended != null && ended.left.get() < ended.injection.requests();
    }

    /** Whether something of it has been asked for, so that the name is made. */
    public boolean isBegun(final Injection injection) {
        final InHand current = inHand;
        return current != null && current.injection.equals(injection) && current.left.get() < injection.requests();
    }

    /** What is expected at present, or null. */
    public Injection inHand() {
        final InHand current = inHand;
        return current == null ? null : current.injection;
    }

    /**
     * Takes the next request that changes something, which is expected once.
     *
     * @return whether it may be answered
     */
    public boolean take(final Injection injection) {
        final InHand current = inHand;
        return current != null && current.injection.equals(injection) && current.left.getAndDecrement() > 0;
    }

    /**
     * Whether names in this directory are being injected: what the kernel is told of them meanwhile must not last, so that it
     * asks again when the injector comes to them.
     */
    public boolean isInHand(final long directory) {
        final InHand current = inHand;
        return current != null
                && (current.injection.directory() == directory || current.injection.newDirectory() == directory);
    }

    /** The kernel is given an object of the host once, without the host's counting it. */
    public void give(final long node) {
        given.merge(node, 1L, Long::sum);
    }

    /**
     * The kernel gives an object back.
     *
     * @return how many of the lookups the host has counted
     */
    public long takeBack(final long node, final long lookups) {
        if (Injection.isMadeUp(node)) {
            return 0;
        }
        if (given.isEmpty()) {
            return lookups;
        }
        final long[] own = new long[1];
        given.computeIfPresent(node, (key, count) -> {
            own[0] = Math.min(count, lookups);
            return count > lookups ? Long.valueOf(count - lookups) : null;
        });
        return lookups - own[0];
    }
}
