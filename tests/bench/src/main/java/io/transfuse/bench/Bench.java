package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the benchmarks have in common: they compare file systems, take turns, and leave nothing behind. */
abstract class Bench implements Callable<Integer> {
    @Option(names = "--rounds", paramLabel = "N", description = "How often everything is measured.")
    private Integer rounds;

    @Option(names = "--systems", split = ",", paramLabel = "SYSTEM", description = "Which file systems (default: all).")
    private List<String> systems;

    @Option(names = "--transfuse", hidden = true, required = true)
    private Path transfuse;

    @Option(names = "--compiled", hidden = true, required = true)
    private Path compiled;

    @Option(names = "--work", hidden = true, required = true)
    private Path work;

    @Spec
    private CommandSpec spec;

    private final List<Contender> all;
    private final Deque<Leash> started = new ConcurrentLinkedDeque<>();
    private volatile boolean stopping;
    private Tools tools;

    /** Compares all these, or those of them that the command line names. */
    Bench(final List<Contender> all) {
        this.all = all;
    }

    static CommandLine commandLine(final Bench bench) {
        return new CommandLine(bench).setOverwrittenOptionsAllowed(true);
    }

    /** Checks the command line further, measures and reports. */
    abstract void run() throws BenchException, IOException, InterruptedException;

    @Override
    public final Integer call() throws IOException, InterruptedException {
        tools = new Tools(transfuse, compiled);
        // The hook is for Ctrl-C and SIGTERM; otherwise there is nothing left for it to do.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        try {
            run();
            return 0;
        } catch (final BenchException e) {
            if (!stopping) {
                System.err.println("bench: " + e.getMessage());
            }
            return 1;
        } finally {
            stop();
        }
    }

    final Tools tools() {
        return tools;
    }

    /** A directory that the run script deletes. */
    final Path work() {
        return work;
    }

    /** The processes that run, the latest first; they are ended with the benchmark. */
    final Deque<Leash> started() {
        return started;
    }

    /** Whether the benchmark is being ended from outside: what fails now fails for that reason. */
    final boolean isStopping() {
        return stopping;
    }

    final int rounds(final int standard) {
        if (rounds != null && rounds < 1) {
            throw refusal("--rounds has to be at least 1");
        }
        return rounds == null ? standard : rounds;
    }

    final List<Contender> contenders() {
        if (systems == null) {
            return all;
        }
        refuseUnknown("--systems", systems, all, Contender::id);
        return all.stream()
                .filter(contender -> systems.contains(contender.id()))
                .toList();
    }

    /** Where and when the numbers come from; to be completed with {@link #complete}. Warns if other work runs. */
    final Map<String, Object> facts(final Map<String, Object> scale, final Map<String, String> peers)
            throws IOException, InterruptedException {
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("started", now());
        facts.putAll(scale);
        facts.put("machine", Machine.describe(work));
        final Map<String, String> versions = new LinkedHashMap<>();
        versions.put("transfuse", Commands.ask(transfuse.toString(), "--version"));
        versions.put(
                "commit",
                Commands.ask("git", "-C", transfuse.getParent().toString(), "describe", "--always", "--dirty"));
        versions.putAll(peers);
        facts.put("versions", versions);
        final double load = Machine.loadAverage();
        facts.put("loadAverageBefore", load);
        if (load > 0.5) {
            System.err.println("bench: the load average is " + load + ": other work will distort the numbers");
        }
        return facts;
    }

    static void complete(final Map<String, Object> facts, final List<Contender> contenders) {
        facts.put("ended", now());
        final Map<String, String> descriptions = new LinkedHashMap<>();
        contenders.forEach(contender -> descriptions.put(contender.id(), contender.description()));
        facts.put("systems", descriptions);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * The order in which the contenders take their turn.
     *
     * @param round from 0
     * @param turn from 0 within the round
     * @return such an order that each is first at some time, and each comes after each other
     */
    static List<Contender> order(final List<Contender> contenders, final int round, final int turn) {
        final List<Contender> order = new ArrayList<>(contenders);
        Collections.rotate(order, round + turn + 1);
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        return order;
    }

    static void progress(final String line) {
        System.err.println("bench: " + line);
    }

    final ParameterException refusal(final String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    final <T> void refuseUnknown(
            final String option, final List<String> words, final List<T> known, final Function<T, String> word) {
        final List<String> allowed = known.stream().map(word).toList();
        for (final String given : words) {
            if (!allowed.contains(given)) {
                throw refusal(option + ": '" + given + "' is not one of " + String.join(", ", allowed));
            }
        }
    }

    /** Ends what was started, the latest first. Unmounting what is left and deleting is up to the run script. */
    private synchronized void stop() {
        stopping = true;
        Commands.killAll();
        for (Leash leash = started.poll(); leash != null; leash = started.poll()) {
            try {
                leash.close();
            } catch (final IOException e) {
                System.err.println("bench: while ending: " + e.getMessage());
            }
        }
    }
}
