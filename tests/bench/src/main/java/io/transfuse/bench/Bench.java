package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The benchmark: the same loads on several file systems, in turns. {@code tests/bench/run} starts it. */
@Command(
        name = "tests/bench/run",
        mixinStandardHelpOptions = true,
        description = "Compares Transfuse with the native directory, libfuse's passthrough_ll and sshfs.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tests/bench/run                    everything, some tens of minutes",
            "  tests/bench/run --quick            whether it works; the numbers are worth nothing",
            "  tests/bench/run --cases stat,readdir/1 --systems native,transfuse --rounds 3"
        })
final class Bench implements Callable<Integer> {
    /** Far above what the slowest case takes: only a hang lasts so long. */
    private static final long LOAD_TIMEOUT_SECONDS = 180;

    @Option(names = "--rounds", paramLabel = "N", description = "How often everything is measured (default: 7).")
    private Integer rounds;

    @Option(names = "--quick", description = "One round of little work, to see that everything works.")
    private boolean quick;

    @Option(
            names = "--systems",
            split = ",",
            paramLabel = "SYSTEM",
            description = "Which: native, transfuse, passthrough_ll, sshfs (default: all).")
    private List<String> systems;

    @Option(
            names = "--cases",
            split = ",",
            paramLabel = "WORKLOAD[/CALLERS]",
            description =
                    "Which: stat, missing, open-read-close, create-unlink, readdir, write-1k, seq-write, seq-read,"
                            + " each with all its numbers of callers or with one (default: all).")
    private List<String> cases;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the machine-readable results go (default: build/bench.json).")
    private Path out = Path.of("build/bench.json");

    @Option(names = "--transfuse", hidden = true, required = true)
    private Path transfuse;

    @Option(names = "--compiled", hidden = true, required = true)
    private Path compiled;

    @Option(names = "--work", hidden = true, required = true)
    private Path work;

    @Spec
    private CommandSpec spec;

    private final Deque<Leash> started = new ConcurrentLinkedDeque<>();
    private volatile boolean stopping;
    private Tools tools;
    private Scale scale;

    private Bench() {}

    public static void main(final String[] args) {
        System.exit(
                new CommandLine(new Bench()).setOverwrittenOptionsAllowed(true).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        tools = new Tools(transfuse, compiled);
        scale = quick ? Scale.QUICK : Scale.FULL;
        if (rounds != null) {
            if (rounds < 1) {
                throw new ParameterException(spec.commandLine(), "--rounds has to be at least 1");
            }
            scale = scale.withRounds(rounds);
        }
        final Results results = new Results(chosenCases(), chosenContenders());
        // The hook is for Ctrl-C and SIGTERM; otherwise there is nothing left for it to do.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop"));
        try {
            measure(results);
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

    private void measure(final Results results) throws BenchException, IOException, InterruptedException {
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("quick", quick);
        facts.put("scale", scale);
        facts.put("machine", Machine.describe(work));
        facts.put("versions", versions());
        final double load = Machine.loadAverage();
        facts.put("loadAverageBefore", load);
        if (load > 0.5) {
            System.err.println("bench: the load average is " + load + ": other work will distort the numbers");
        }

        final Map<Contender, Path> directories = new EnumMap<>(Contender.class);
        for (final Contender contender : results.contenders()) {
            progress("starting " + contender.id());
            final Path home = Files.createDirectory(work.resolve(contender.id()));
            HostDirectory.create(Contender.host(home), scale);
            directories.put(contender, contender.start(tools, home, started));
        }
        for (final Contender contender : results.contenders()) {
            progress("warming up " + contender.id());
            warmUp(results.cases(), directories.get(contender));
        }
        for (int round = 0; round < scale.rounds(); round++) {
            progress("round " + (round + 1) + " of " + scale.rounds());
            final List<Contender> order = new ArrayList<>(results.contenders());
            Collections.rotate(order, round);
            for (final Case one : results.cases()) {
                // Each takes its turn at being first, and at being after each other.
                Collections.rotate(order, 1);
                for (final Contender contender : round % 2 == 0 ? order : reversed(order)) {
                    results.add(one, contender, load(one, directories.get(contender)));
                }
            }
        }

        facts.put("ended", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        final Map<String, String> descriptions = new LinkedHashMap<>();
        results.contenders().forEach(contender -> descriptions.put(contender.id(), contender.description()));
        facts.put("systems", descriptions);
        BenchFile.write(out, facts, results);
        System.out.println(Table.of(results));
        if (quick) {
            System.out.println("A quick run: it shows that everything works; its numbers are worth nothing.");
        }
        System.out.println("Written to " + out);
    }

    private static <T> List<T> reversed(final List<T> list) {
        final List<T> result = new ArrayList<>(list);
        Collections.reverse(result);
        return result;
    }

    /** The same loads, unmeasured: compilers have seen the code and caches are full. Everyone gets it. */
    private void warmUp(final List<Case> all, final Path directory)
            throws BenchException, IOException, InterruptedException {
        final long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(scale.warmUpMillis());
        do {
            for (final Case one : all) {
                load(one, directory);
            }
        } while (System.nanoTime() < end);
    }

    /** Runs the load program. The result is its time divided by its operations. */
    private double load(final Case one, final Path directory) throws BenchException, IOException, InterruptedException {
        final String[] printed = Commands.run(
                        LOAD_TIMEOUT_SECONDS,
                        List.of(
                                tools.load().toString(),
                                one.workload().id(),
                                String.valueOf(one.callers()),
                                directory.toString(),
                                String.valueOf(one.workload().amount(scale))))
                .split(" ", -1);
        return Double.parseDouble(printed[1]) / Double.parseDouble(printed[0]);
    }

    private Map<String, String> versions() throws InterruptedException {
        final Map<String, String> versions = new LinkedHashMap<>();
        versions.put("transfuse", Commands.ask(transfuse.toString(), "--version"));
        versions.put(
                "commit",
                Commands.ask("git", "-C", transfuse.getParent().toString(), "describe", "--always", "--dirty"));
        versions.put("libfuse", Commands.ask("pkg-config", "--modversion", "fuse3"));
        versions.put("sshfs", Commands.ask("sshfs", "--version"));
        return versions;
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

    private static void progress(final String line) {
        System.err.println("bench: " + line);
    }

    private List<Contender> chosenContenders() {
        if (systems == null) {
            return List.of(Contender.values());
        }
        final List<Contender> chosen = new ArrayList<>();
        for (final Contender contender : Contender.values()) {
            if (systems.contains(contender.id())) {
                chosen.add(contender);
            }
        }
        refuseUnknown("--systems", systems, Arrays.asList(Contender.values()), Contender::id);
        return chosen;
    }

    private List<Case> chosenCases() {
        final List<Case> all = new ArrayList<>();
        for (final Workload workload : Workload.values()) {
            workload.callers().forEach(callers -> all.add(new Case(workload, callers)));
        }
        if (cases == null) {
            return all;
        }
        final List<Object> known = new ArrayList<>(all);
        known.addAll(Arrays.asList(Workload.values()));
        refuseUnknown(
                "--cases", cases, known, word -> word instanceof Workload ? ((Workload) word).id() : word.toString());
        return all.stream()
                .filter(one -> cases.contains(one.toString())
                        || cases.contains(one.workload().id()))
                .toList();
    }

    private <T> void refuseUnknown(
            final String option, final List<String> words, final List<T> known, final Function<T, String> word) {
        final List<String> allowed = known.stream().map(word).toList();
        for (final String given : words) {
            if (!allowed.contains(given)) {
                throw new ParameterException(
                        spec.commandLine(), option + ": '" + given + "' is not one of " + String.join(", ", allowed));
            }
        }
    }
}
