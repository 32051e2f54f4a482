package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How soon a guest sees what the host did: changes are made on the host one after the other, to files that the guest knows,
 * and the guest looks until it sees each. Meanwhile other threads load the mount and the host.
 */
@Command(
        name = "tests/bench/run freshness",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how long it takes until a guest sees what the host has changed, under load.",
            "The file systems: native, transfuse, transfuse-cached. The standard number of rounds: 1."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tests/bench/run freshness", "  tests/bench/run freshness --changes 600 --systems transfuse-cached"
        })
final class FreshnessBench extends Bench {
    private static final int FILES = 50;
    private static final int LOAD_FILES = 400;
    private static final int LOAD_CHANGE_NANOS = 2_000_000;
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(20);

    @Option(names = "--changes", paramLabel = "N", description = "Changes in each round (default: 10000).")
    private int changes = 10_000;

    @Option(
            names = "--load",
            paramLabel = "N",
            description =
                    "Threads that read in the guest meanwhile; with 0 the host changes nothing else either (default: 2).")
    private int load = 2;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the machine-readable results go (default: build/freshness.json).")
    private Path out = Path.of("build/freshness.json");

    private final Map<Contender, Path> hosts = new EnumMap<>(Contender.class);
    private final Map<Contender, Path> guests = new EnumMap<>(Contender.class);

    private FreshnessBench() {
        super(Contender.TWO_SIDED);
    }

    public static void main(final String[] args) {
        System.exit(commandLine(new FreshnessBench()).execute(args));
    }

    @Override
    void run() throws BenchException, IOException, InterruptedException {
        if (changes < 1 || load < 0) {
            throw refusal("--changes has to be at least 1, and --load not negative");
        }
        final int rounds = rounds(1);
        final List<Contender> contenders = contenders();
        final Map<String, Object> facts =
                facts(Map.of("rounds", rounds, "changes", changes, "loadThreads", load), Map.of());
        final Freshness warmUp = new Freshness(contenders);
        final Freshness result = new Freshness(contenders);
        for (final Contender contender : contenders) {
            progress("starting " + contender.id());
            final Path home = Files.createDirectory(work().resolve(contender.id()));
            final Path host = Files.createDirectory(home.resolve("host"));
            Files.createDirectory(host.resolve("changed"));
            fill(Files.createDirectory(host.resolve("load")));
            hosts.put(contender, host);
            guests.put(
                    contender, contender.start(tools(), host, home, started()).mount());
            measure(contender, Math.min(changes, FILES * HostChange.values().length * 2), warmUp);
        }
        for (int round = 0; round < rounds; round++) {
            for (final Contender contender : order(contenders, round, 0)) {
                progress("round " + (round + 1) + " of " + rounds + ": " + contender.id());
                measure(contender, changes, result);
            }
        }
        complete(facts, contenders);
        BenchFile.write(out, facts, Map.of("nanoseconds", result.fields()));
        System.out.println(result.table());
        System.out.println("Written to " + out);
    }

    private static void fill(final Path directory) throws IOException {
        for (int i = 0; i < LOAD_FILES; i++) {
            Files.writeString(directory.resolve("f" + i), "content of " + i);
        }
    }

    private void measure(final Contender contender, final int count, final Freshness result)
            throws BenchException, IOException, InterruptedException {
        final AtomicBoolean over = new AtomicBoolean();
        final List<Thread> loads = new ArrayList<>();
        for (int i = 0; i < load; i++) {
            final int seed = i;
            loads.add(new Thread(() -> read(guests.get(contender).resolve("load"), seed, over), "load " + i));
        }
        if (load > 0) {
            loads.add(new Thread(() -> change(hosts.get(contender).resolve("load"), over), "load of the host"));
        }
        loads.forEach(Thread::start);
        try {
            changes(contender, count, result);
        } finally {
            over.set(true);
            for (final Thread thread : loads) {
                thread.join();
            }
        }
    }

    /** Each kind of change to all the files, then the next kind: a file has rest between two changes. */
    private void changes(final Contender contender, final int count, final Freshness result)
            throws BenchException, IOException {
        final Path host = hosts.get(contender).resolve("changed");
        final Path guest = guests.get(contender).resolve("changed");
        int made = 0;
        while (made < count) {
            for (final HostChange change : HostChange.values()) {
                for (int file = 0; file < FILES; file++) {
                    final String text = String.format("%012d", System.nanoTime() % 1_000_000_000_000L);
                    final String name = "f" + file;
                    final long nanos = change(contender, change, host.resolve(name), guest.resolve(name), text);
                    if (made++ < count) {
                        result.add(contender, change, nanos);
                    }
                }
            }
        }
    }

    private static long change(
            final Contender contender, final HostChange change, final Path host, final Path guest, final String text)
            throws BenchException, IOException {
        // What the guest does not know need not be told: it knows what is there, or that nothing is.
        change.isSeenBy(guest, text);
        change.make(host, text);
        final long made = System.nanoTime();
        while (!change.isSeenBy(guest, text)) {
            if (System.nanoTime() - made > GIVE_UP_NANOS) {
                throw new BenchException(
                        contender.id() + " does not show that the host did this to " + host + ": " + change.title());
            }
        }
        return System.nanoTime() - made;
    }

    private static void read(final Path directory, final int seed, final AtomicBoolean over) {
        final Random random = new Random(seed);
        while (!over.get()) {
            final Path file = directory.resolve("f" + random.nextInt(LOAD_FILES + LOAD_FILES / 4));
            try {
                if (Files.exists(file)) {
                    Files.readString(file);
                }
            } catch (final IOException e) {
                // It may be replaced just now; what is measured is told elsewhere.
                Thread.onSpinWait();
            }
        }
    }

    private static void change(final Path directory, final AtomicBoolean over) {
        final Random random = new Random(0);
        while (!over.get()) {
            try {
                Files.writeString(
                        directory.resolve("f" + random.nextInt(LOAD_FILES)), "content " + random.nextInt(1000));
            } catch (final IOException e) {
                over.set(true);
                System.err.println("bench: the load of the host ends: " + e);
            }
            LockSupport.parkNanos(LOAD_CHANGE_NANOS);
        }
    }
}
