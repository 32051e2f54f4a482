package io.transfuse.tests;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * Changes a mounted tree from both sides at random and compares what guest and host see of it: {@code tests/torture}.
 *
 * <p>It goes on in rounds. In a round, at the same time, guest and host change the same tree; the guest changes another one,
 * and a plain directory beside it in the same way, and each result and what host and guest see must be right at once; the
 * host changes a third one, which a guest of a consistent mount sees at once; and both write to files that the guest has
 * open and mapped. Then the changes end, and guest and host must come to agree on everything.
 *
 * <p>A round is a program that follows from its seed. What meets what is up to the machine, so that a program that found
 * something may have to be run several times to find it again.
 */
final class Torture {
    private static final int OPERATIONS = 300;
    private static final long AGREE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int SHORT_QUEUE = 16;
    private static final int DIFFERENCES_MAX = 12;
    private static final int HISTORY_MAX = 80;
    private static final int KEPT_FILES = 3;
    private static final int KEPT_SIZE = 5000;
    private static final int MAPPED_SIZE = 4096;
    private static final int LOOKS_BETWEEN = 20;
    private static final String USAGE = "usage: torture [--minutes N | --seconds N] [--mode cached|consistent]"
            + " [--overflow] [--seed S [--rounds N]]";

    /** What a local file system never answers to any of the operations. */
    private static final Set<String> WRONG =
            Set.of("EIO", "ESTALE", "ENOTCONN", "ECONNABORTED", "ENOSYS", "EFAULT", "EPROTO", "EBADF", "ETIMEDOUT");

    /**
     * What is to be done.
     *
     * @param mode consistent or cached
     * @param overflow whether the kernel's queues of events are made so short that they overflow
     * @param seed of the first round; those that follow have the numbers after it
     * @param duration no round begins after it
     * @param rounds most rounds
     */
    record Options(String mode, boolean overflow, long seed, Duration duration, int rounds) {}

    /**
     * What was found.
     *
     * @param rounds how many rounds there were
     * @param operations how many operations
     * @param agreed how long the two sides took to agree, of each round, in nanoseconds
     * @param overflows how often the host lost events
     * @param stale how often a call answered ESTALE, and not when it was made again
     * @param violations what was wrong, with what led to it; empty when nothing was
     */
    record Report(int rounds, long operations, List<Long> agreed, long overflows, long stale, List<String> violations) {
        @Override
        public String toString() {
            final List<Long> sorted = agreed.stream().sorted().collect(Collectors.toList());
            return String.format(
                    "%d rounds, %d operations; both sides agreed after %.0f ms (median), %.0f ms (most), %d of them after more"
                            + " than a second; events were lost %d times; %d calls had to be made twice; %s",
                    rounds,
                    operations,
                    sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2) / 1e6,
                    sorted.isEmpty() ? 0 : sorted.get(sorted.size() - 1) / 1e6,
                    sorted.stream().filter(nanos -> nanos > BOUND_NANOS).count(),
                    overflows,
                    stale,
                    violations.isEmpty() ? "no difference" : violations.size() + " differences");
        }
    }

    /** What was done, when, and what it gave. */
    private record Event(long nanos, String who, String area, TortureProgram.Operation operation, String result) {}

    private interface Step {
        void run(TortureProgram.Operation operation, String result) throws InterruptedException;
    }

    private final Options options;
    private final boolean consistent;
    private final Path base;
    private final Product product;
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Queue<Event> history = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final List<Long> agreed = new ArrayList<>();
    private final AtomicLong stale = new AtomicLong();
    private long operations;
    private long begin;

    private Torture(final Options options, final Path base, final Product product) {
        this.options = options;
        this.consistent = options.mode().equals("consistent");
        this.base = base;
        this.product = product;
    }

    /** Mounts, tortures until the time is over or something is wrong, and takes everything away. */
    static Report run(final Options options) throws Exception {
        final Path base = Files.createTempDirectory("transfuse-torture-").toRealPath();
        for (final String side : new String[] {"host", "guest", "plain"}) {
            Files.createDirectory(base.resolve(side));
        }
        final String volume = base.resolve("host") + ":" + base.resolve("guest") + ":" + options.mode();
        try (Product product = mount(volume, options.overflow())) {
            return new Torture(options, base, product).rounds();
        } finally {
            if (!Product.isMounted(base.resolve("guest"))) {
                Mounted.delete(base);
            }
        }
    }

    /** A queue has the length that the limit was when it was opened. */
    private static Product mount(final String volume, final boolean overflow) throws IOException {
        if (!overflow) {
            return Product.mount(volume);
        }
        final QueueLimits limits = QueueLimits.set(SHORT_QUEUE);
        try {
            return Product.mount(volume);
        } finally {
            limits.close();
        }
    }

    private Report rounds() throws Exception {
        final long end = System.nanoTime() + options.duration().toNanos();
        int round = 0;
        try {
            while (round < options.rounds() && System.nanoTime() < end && violations.isEmpty()) {
                round(options.seed() + round, "round" + round);
                round++;
            }
        } finally {
            executor.shutdownNow();
            executor.awaitTermination(10, TimeUnit.SECONDS);
        }
        final String log = product.output();
        final long overflows =
                log.lines().filter(line -> line.contains("changes were lost")).count();
        log.lines()
                .filter(line -> line.contains("ERROR") || line.contains("Exception"))
                .limit(DIFFERENCES_MAX)
                .forEach(line -> violations.add("in the product's log: " + line));
        return new Report(round, operations, agreed, overflows, stale.get(), List.copyOf(violations));
    }

    private Path side(final String side, final String round, final String area) {
        return base.resolve(side).resolve(round).resolve(area);
    }

    private void round(final long seed, final String name) throws Exception {
        history.clear();
        begin = System.nanoTime();
        for (final String area : new String[] {"both", "guests", "hosts", "kept"}) {
            Files.createDirectories(side("host", name, area));
        }
        Files.createDirectories(side("plain", name, "guests"));
        for (int i = 0; i < KEPT_FILES; i++) {
            Files.write(side("host", name, "kept").resolve("k" + i), new byte[KEPT_SIZE]);
        }
        final Path guest = base.resolve("guest").resolve(name);
        awaitVisible(guest.resolve("kept/k" + (KEPT_FILES - 1)));
        try (Kept kept = new Kept(side("guest", name, "kept"), side("host", name, "kept"))) {
            final List<Callable<Void>> parts = List.of(
                    () -> both("guest", side("guest", name, "both"), 'g', seed * 31 + 1),
                    () -> both("host", side("host", name, "both"), 'h', seed * 31 + 2),
                    () -> guests(name, seed * 31 + 3),
                    () -> hosts(name, seed * 31 + 4),
                    () -> looks(guest, seed * 31 + 5),
                    () -> writesToKept(kept, seed * 31 + 6));
            final List<Future<Void>> running = new ArrayList<>();
            for (final Callable<Void> part : parts) {
                running.add(executor.submit(part));
            }
            for (final Future<Void> part : running) {
                part.get();
            }
            awaitAgreement(seed, name, kept);
        }
        operations += history.size();
        Mounted.delete(base.resolve("host").resolve(name));
        Mounted.delete(base.resolve("plain").resolve(name));
    }

    private void awaitVisible(final Path path) throws InterruptedException {
        final long end = System.nanoTime() + AGREE_NANOS;
        while (!Files.exists(path)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(path + " does not become visible");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private void play(
            final String who,
            final String area,
            final TortureTree tree,
            final List<TortureProgram.Operation> program,
            final Step after)
            throws InterruptedException {
        for (final TortureProgram.Operation operation : program) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String result = tree.execute(operation);
            if (result.equals("ESTALE") && !area.equals("guests") && !who.equals("host")) {
                stale.incrementAndGet();
                result = repeat(tree, operation);
            }
            history.add(new Event(System.nanoTime() - begin, who, area, operation, result));
            if (WRONG.contains(result) && !who.equals("host")) {
                violations.add(who + ": " + operation.in(area) + " gave " + result);
            }
            after.run(operation, result);
        }
    }

    /**
     * The kernel itself answers ESTALE for a directory that the host has moved and the guest renames, or while it renames
     * others, as it does when moves of the host are told: see docs/architecture.md. It must not last when the guest looks at
     * it first, as mv does.
     */
    private static String repeat(final TortureTree tree, final TortureProgram.Operation operation)
            throws InterruptedException {
        final long end = System.nanoTime() + BOUND_NANOS;
        String result;
        do {
            tree.stat(operation.path());
            tree.stat(operation.other());
            result = tree.execute(operation);
            TimeUnit.MILLISECONDS.sleep(1);
        } while (result.equals("ESTALE") && System.nanoTime() < end);
        return result;
    }

    private Void both(final String who, final Path root, final char letter, final long seed)
            throws InterruptedException {
        play(
                who,
                "both",
                new TortureTree(root, letter),
                TortureProgram.of(seed, OPERATIONS),
                (operation, result) -> {});
        return null;
    }

    /** Only the guest changes this tree: host and guest see each change at once, and the results are those of a plain directory. */
    private Void guests(final String name, final long seed) throws InterruptedException {
        final TortureTree plain = new TortureTree(side("plain", name, "guests"), 'g');
        final Path guest = side("guest", name, "guests");
        final Path host = side("host", name, "guests");
        play(
                "guest",
                "guests",
                new TortureTree(guest, 'g'),
                TortureProgram.of(seed, OPERATIONS),
                (operation, result) -> {
                    final String wanted = plain.execute(operation);
                    if (!result.equals(wanted)) {
                        violations.add(operation.in("guests") + " gave " + result + ", a plain directory " + wanted);
                    }
                    if (operation.kind().changes()) {
                        compareAtOnce("guests", host, guest, operation);
                    }
                });
        return null;
    }

    private void compareAtOnce(
            final String area, final Path host, final Path guest, final TortureProgram.Operation operation) {
        final List<String> paths = List.of(operation.path(), operation.other());
        final SortedMap<String, String> seen = TreeView.ofPaths(guest, paths);
        final List<String> differences = TreeView.differences(TreeView.ofPaths(host, paths), seen, DIFFERENCES_MAX);
        if (!differences.isEmpty()) {
            violations.add("at once after " + operation.in(area) + ": " + String.join("\n  ", differences));
        }
    }

    /** Only the host changes this tree. */
    private Void hosts(final String name, final long seed) throws InterruptedException {
        final Path guest = side("guest", name, "hosts");
        final Path host = side("host", name, "hosts");
        final int[] count = {0};
        play("host", "hosts", new TortureTree(host, 'h'), TortureProgram.of(seed, OPERATIONS), (operation, result) -> {
            if (consistent && operation.kind().changes()) {
                compareAtOnce("hosts", host, guest, operation);
            } else if (++count[0] % LOOKS_BETWEEN == 0) {
                awaitSame("after " + operation.in("hosts"), host, guest);
            }
        });
        return null;
    }

    private void awaitSame(final String what, final Path host, final Path guest) throws InterruptedException {
        final long end = System.nanoTime() + AGREE_NANOS;
        final SortedMap<String, String> wanted = TreeView.of(host);
        List<String> differences = TreeView.differences(wanted, TreeView.of(guest), DIFFERENCES_MAX);
        while (!differences.isEmpty()) {
            if (System.nanoTime() > end) {
                violations.add(what + ", for ten seconds: " + String.join("\n  ", differences));
                return;
            }
            TimeUnit.MILLISECONDS.sleep(1);
            differences = TreeView.differences(wanted, TreeView.of(guest), DIFFERENCES_MAX);
        }
    }

    /** The guest looks at everything while it changes. */
    private Void looks(final Path guest, final long seed) throws InterruptedException {
        final Random random = new Random(seed);
        final List<TortureProgram.Operation> program = TortureProgram.of(seed, OPERATIONS * 4).stream()
                .filter(operation -> !operation.kind().changes())
                .collect(Collectors.toList());
        final TortureTree[] trees = {
            new TortureTree(guest.resolve("both"), 'l'),
            new TortureTree(guest.resolve("hosts"), 'l'),
            new TortureTree(guest.resolve("guests"), 'l')
        };
        for (final TortureProgram.Operation operation : program) {
            final int area = random.nextInt(trees.length);
            play(
                    "look",
                    area == 0 ? "both" : area == 1 ? "hosts" : "guests",
                    trees[area],
                    List.of(operation),
                    (o, r) -> {});
        }
        return null;
    }

    /** Files that the guest has open, and mapped, for a whole round. */
    private static final class Kept implements AutoCloseable {
        final Path guest;
        final Path host;
        final int[] descriptors = new int[KEPT_FILES];
        final MappedByteBuffer[] maps = new MappedByteBuffer[KEPT_FILES];

        Kept(final Path guest, final Path host) throws IOException {
            this.guest = guest;
            this.host = host;
            for (int i = 0; i < KEPT_FILES; i++) {
                descriptors[i] = Libc.mustOpen(guest.resolve("k" + i), Libc.O_RDONLY);
                try (FileChannel channel = FileChannel.open(guest.resolve("k" + i), StandardOpenOption.READ)) {
                    maps[i] = channel.map(FileChannel.MapMode.READ_ONLY, 0, MAPPED_SIZE);
                }
            }
        }

        String mapped(final int file) {
            final byte[] bytes = new byte[MAPPED_SIZE];
            maps[file].get(0, bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        @Override
        public void close() {
            for (final int descriptor : descriptors) {
                Libc.close(descriptor);
            }
        }
    }

    /** One after the other, each side writes to files that the guest has open. */
    private Void writesToKept(final Kept kept, final long seed) throws IOException {
        final Random random = new Random(seed);
        for (int i = 0; i < OPERATIONS; i++) {
            final int file = random.nextInt(KEPT_FILES);
            final boolean byGuest = random.nextBoolean();
            final Path path = (byGuest ? kept.guest : kept.host).resolve("k" + file);
            final int kind = random.nextInt(3);
            final long offset = random.nextInt(KEPT_SIZE);
            final byte[] data = String.format("%s%06d", byGuest ? "g" : "h", i).getBytes(StandardCharsets.US_ASCII);
            final int fd = Libc.mustOpen(path, kind == 1 ? Libc.O_WRONLY | Libc.O_APPEND : Libc.O_WRONLY);
            try {
                if (kind == 2) {
                    Libc.c().ftruncate(fd, MAPPED_SIZE + offset);
                } else if (kind == 1) {
                    Libc.write(fd, data);
                } else {
                    Libc.pwrite(fd, data, offset);
                }
            } finally {
                Libc.close(fd);
            }
            final String wanted = new String(data, StandardCharsets.US_ASCII);
            if (kind == 0 && (byGuest || consistent)) {
                final String read = Libc.pread(kept.descriptors[file], data.length, offset);
                if (!read.equals(wanted)) {
                    violations.add("kept/k" + file + ": '" + wanted + "' was written at " + offset + " by the "
                            + (byGuest ? "guest" : "host") + ", and an open descriptor reads '" + read + "'");
                }
            }
        }
        return null;
    }

    private List<String> differences(final String name, final Kept kept) throws IOException {
        final List<String> found = TreeView.differences(
                TreeView.of(base.resolve("host").resolve(name), List.of("a", "d0", "new")),
                TreeView.of(base.resolve("guest").resolve(name), List.of("a", "d0", "new")),
                DIFFERENCES_MAX);
        for (int i = 0; i < KEPT_FILES; i++) {
            final String wanted =
                    new String(Files.readAllBytes(kept.host.resolve("k" + i)), StandardCharsets.ISO_8859_1);
            if (!Libc.pread(kept.descriptors[i], 1 << 20, 0).equals(wanted)) {
                found.add("kept/k" + i + " reads otherwise through a descriptor that was kept open");
            }
            if (Libc.c().lseek(kept.descriptors[i], 0, 2) != wanted.length()) {
                found.add("kept/k" + i + " ends elsewhere for a descriptor that was kept open");
            }
            // A mapping of a consistent mount does not follow: nobody tells the kernel.
            if (!consistent && !kept.mapped(i).equals(wanted.substring(0, MAPPED_SIZE))) {
                found.add("kept/k" + i + " is otherwise in a mapping");
            }
        }
        return found;
    }

    private void awaitAgreement(final long seed, final String name, final Kept kept) throws Exception {
        final long since = System.nanoTime();
        List<String> differences = differences(name, kept);
        if (consistent && !differences.isEmpty()) {
            violations.add("not at once: " + String.join("\n  ", differences));
        }
        while (!differences.isEmpty() && System.nanoTime() - since < AGREE_NANOS) {
            TimeUnit.MILLISECONDS.sleep(1);
            differences = differences(name, kept);
        }
        agreed.add(System.nanoTime() - since);
        if (!differences.isEmpty()) {
            violations.add("after the changes, for ten seconds:\n  " + String.join("\n  ", differences));
        }
        if (!violations.isEmpty()) {
            violations.add("round with --mode " + options.mode() + " --seed " + seed + " --rounds 1"
                    + (options.overflow() ? " --overflow" : "") + ", what led to it:\n" + historyOf(violations));
        }
    }

    /** The last operations that have to do with the paths that a violation names. */
    private String historyOf(final Queue<String> found) {
        final String text = String.join("\n", found);
        final List<String> lines = history.stream()
                .filter(event -> concerns(event, text))
                .sorted(Comparator.comparingLong(Event::nanos))
                .map(event -> String.format(
                        "  %9.3f ms %-5s %s: %s",
                        event.nanos() / 1e6, event.who(), event.operation().in(event.area()), event.result()))
                .collect(Collectors.toList());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - HISTORY_MAX), lines.size()));
    }

    private static boolean concerns(final Event event, final String text) {
        final String area = event.area() + "/";
        for (int at = text.indexOf(area); at >= 0; at = text.indexOf(area, at + 1)) {
            int end = at + area.length();
            while (end < text.length() && !Character.isWhitespace(text.charAt(end)) && text.charAt(end) != ':') {
                end++;
            }
            if (event.operation().concerns(text.substring(at + area.length(), end))) {
                return true;
            }
        }
        return false;
    }

    /** See the class; exit code 1 when something was found, 2 for a wrong command line. */
    public static void main(final String[] arguments) throws Exception {
        final Options options = parse(arguments);
        if (options == null) {
            System.err.println(USAGE);
            System.exit(2);
        }
        if (options.overflow() && !QueueLimits.canBeSet()) {
            System.err.println("torture: --overflow needs to set fs.inotify.max_queued_events and"
                    + " fs.fanotify.max_queued_events: run as root, outside of a container");
            System.exit(2);
        }
        System.out.println("torture: " + options);
        final Report report = run(options);
        report.violations().forEach(System.out::println);
        System.out.println("torture: " + report);
        System.exit(report.violations().isEmpty() ? 0 : 1);
    }

    private static Options parse(final String[] arguments) {
        String mode = "cached";
        boolean overflow = false;
        long seed = System.currentTimeMillis();
        Duration duration = Duration.ofMinutes(10);
        int rounds = Integer.MAX_VALUE;
        final List<String> left = new ArrayList<>(List.of(arguments));
        final Map<String, Boolean> hasValue = Map.of(
                "--minutes",
                true,
                "--seconds",
                true,
                "--mode",
                true,
                "--overflow",
                false,
                "--seed",
                true,
                "--rounds",
                true);
        try {
            while (!left.isEmpty()) {
                final String option = left.remove(0);
                if (!hasValue.containsKey(option) || hasValue.get(option) && left.isEmpty()) {
                    return null;
                }
                final String value = hasValue.get(option) ? left.remove(0) : "";
                switch (option) {
                    case "--minutes":
                        duration = Duration.ofMinutes(Long.parseLong(value));
                        break;
                    case "--seconds":
                        duration = Duration.ofSeconds(Long.parseLong(value));
                        break;
                    case "--mode":
                        mode = value;
                        break;
                    case "--overflow":
                        overflow = true;
                        break;
                    case "--seed":
                        seed = Long.parseLong(value);
                        break;
                    default:
                        rounds = Integer.parseInt(value);
                }
            }
        } catch (final NumberFormatException e) {
            return null;
        }
        return mode.equals("cached") || mode.equals("consistent")
                ? new Options(mode, overflow, seed, duration, rounds)
                : null;
    }
}
