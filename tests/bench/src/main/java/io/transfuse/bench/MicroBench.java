package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The micro benchmark: the same loads on several file systems, in turns. {@code tests/bench/run micro} starts it. */
@Command(
        name = "tests/bench/run micro",
        mixinStandardHelpOptions = true,
        description = {
            "Compares Transfuse with the native directory, libfuse's passthrough_ll and sshfs.",
            "'tests/bench/run' alone is the same; 'tests/bench/run workloads --help' is about the other benchmark.",
            "The file systems: native, transfuse, passthrough_ll, sshfs. The standard number of rounds: 7."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tests/bench/run                    everything, some tens of minutes",
            "  tests/bench/run --quick            whether it works; the numbers are worth nothing",
            "  tests/bench/run --cases stat,readdir/1 --systems native,transfuse --rounds 3"
        })
final class MicroBench extends Bench {
    /** Far above what the slowest case takes: only a hang lasts so long. */
    private static final long LOAD_TIMEOUT_SECONDS = 180;

    @Option(names = "--quick", description = "One round of little work, to see that everything works.")
    private boolean quick;

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

    private Scale scale;

    private MicroBench() {
        super(Contender.UNCACHED);
    }

    public static void main(final String[] args) {
        System.exit(commandLine(new MicroBench()).execute(args));
    }

    @Override
    void run() throws BenchException, IOException, InterruptedException {
        scale = quick ? Scale.QUICK : Scale.FULL;
        scale = scale.withRounds(rounds(scale.rounds()));
        final Results<Case> results = new Results<>(chosenCases(), contenders());
        final Map<String, Object> facts = describe();
        final Map<Contender, Path> directories = new EnumMap<>(Contender.class);
        for (final Contender contender : results.contenders()) {
            progress("starting " + contender.id());
            final Path home = Files.createDirectory(work().resolve(contender.id()));
            final Path host = home.resolve("host");
            HostDirectory.create(host, scale);
            directories.put(
                    contender, contender.start(tools(), host, home, started()).mount());
        }
        for (final Contender contender : results.contenders()) {
            progress("warming up " + contender.id());
            warmUp(results.rows(), directories.get(contender));
        }
        for (int round = 0; round < scale.rounds(); round++) {
            progress("round " + (round + 1) + " of " + scale.rounds());
            int turn = 0;
            for (final Case one : results.rows()) {
                for (final Contender contender : order(results.contenders(), round, turn++)) {
                    results.add(one, contender, load(one, directories.get(contender)));
                }
            }
        }

        complete(facts, results.contenders());
        BenchFile.write(out, facts, results, "nanosecondsPerOperation");
        System.out.println(Table.of(results, "callers"));
        if (quick) {
            System.out.println("A quick run: it shows that everything works; its numbers are worth nothing.");
        }
        System.out.println("Written to " + out);
    }

    private Map<String, Object> describe() throws IOException, InterruptedException {
        final Map<String, Object> amount = new LinkedHashMap<>();
        amount.put("quick", quick);
        amount.put("scale", scale);
        final Map<String, String> peers = new LinkedHashMap<>();
        peers.put("libfuse", Commands.ask("pkg-config", "--modversion", "fuse3"));
        peers.put("sshfs", Commands.ask("sshfs", "--version"));
        return facts(amount, peers);
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
                                tools().load().toString(),
                                one.workload().id(),
                                String.valueOf(one.callers()),
                                directory.toString(),
                                String.valueOf(one.workload().amount(scale))))
                .split(" ", -1);
        return Double.parseDouble(printed[1]) / Double.parseDouble(printed[0]);
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
}
