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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The workloads: real programs on several file systems, in turns. {@code tests/bench/run workloads} starts it. */
@Command(
        name = "tests/bench/run workloads",
        mixinStandardHelpOptions = true,
        description = {
            "Measures go list, rake -T and a Symfony page on a fresh mount and again.",
            "The file systems: native, transfuse (consistent), transfuse-cached, sshfs, bindfs, passthrough_ll."
                    + " The standard number of rounds: 5."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tests/bench/run workloads                              everything",
            "  tests/bench/run workloads --only rake --systems native,transfuse --rounds 1"
        })
final class WorkloadsBench extends Bench {
    private static final int ROUNDS = 5;
    private static final int REPETITIONS = 2;
    private static final long PREPARATION_TIMEOUT_SECONDS = 600;

    /** The Debian packages whose versions matter. */
    private static final List<String> PACKAGES = List.of(
            "golang-go",
            "golang-github-docker-docker-dev",
            "ruby",
            "ruby-rails",
            "php-cli",
            "php-symfony-framework-bundle",
            "sshfs",
            "openssh-sftp-server",
            "bindfs",
            "libfuse3-dev");

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "Which workloads: go-list, rake, symfony (default: all).")
    private List<String> only;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where workloads.json and report.html go (default: build/workloads).")
    private Path out = Path.of("build/workloads");

    @Option(names = "--workloads", hidden = true, required = true)
    private Path sources;

    private final Map<Contender, Share> shares = new EnumMap<>(Contender.class);
    private final Map<Application, String> expected = new EnumMap<>(Application.class);
    private Path host;
    private Path local;

    WorkloadsBench() {
        super(Contender.CACHING);
    }

    public static void main(final String[] args) {
        System.exit(commandLine(new WorkloadsBench()).execute(args));
    }

    @Override
    void run() throws BenchException, IOException, InterruptedException {
        final int rounds = rounds(ROUNDS);
        final List<Application> applications = applications();
        final Results<Step> results = new Results<>(steps(applications), contenders());
        final Map<String, Object> facts = facts(Map.of("rounds", rounds), versions());
        host = Files.createDirectory(work().resolve("host"));
        local = Files.createDirectory(work().resolve("local"));

        final Map<String, Tree> trees = new LinkedHashMap<>();
        for (final Application application : applications) {
            progress("preparing " + application.id());
            trees.put(application.id(), prepare(application));
        }
        facts.put("trees", trees);
        for (final Contender contender : results.contenders()) {
            progress("starting " + contender.id());
            start(contender, results);
        }
        // The round that is not measured: compilers have seen the code, and the applications have made their caches.
        for (int round = -1; round < rounds; round++) {
            for (final Application application : applications) {
                progress((round < 0 ? "warming up" : "round " + (round + 1) + " of " + rounds) + ": "
                        + application.id());
                for (final Contender contender :
                        order(results.contenders(), Math.max(round, 0), application.ordinal())) {
                    measure(application, contender, round >= 0, results);
                }
            }
        }

        complete(facts, results.contenders());
        final Path json = out.resolve("workloads.json");
        BenchFile.write(json, facts, results, "nanoseconds");
        final Path report = out.resolve("report.html");
        Files.writeString(report, Report.of(results, facts));
        System.out.println(Table.of(results, "run"));
        for (final Step step : results.rows()) {
            for (final Contender contender : results.contenders()) {
                results.failure(step, contender)
                        .ifPresent(reason -> System.out.println(step.application()
                                        .id() + " " + step.variant() + " on " + contender.id() + " failed: " + reason));
            }
        }
        System.out.println("Written to " + json + " and " + report);
    }

    private List<Application> applications() {
        final List<Application> all = Arrays.asList(Application.values());
        if (only == null) {
            return all;
        }
        refuseUnknown("--only", only, all, Application::id);
        return all.stream()
                .filter(application -> only.contains(application.id()))
                .toList();
    }

    private static List<Step> steps(final List<Application> applications) {
        final List<Step> steps = new ArrayList<>();
        for (final Application application : applications) {
            for (final Step.Turn turn : Step.Turn.values()) {
                steps.add(new Step(application, turn));
            }
        }
        return steps;
    }

    private static Map<String, String> versions() throws InterruptedException {
        final Map<String, String> versions = new LinkedHashMap<>();
        for (final String name : PACKAGES) {
            versions.put(name, Commands.ask("dpkg-query", "--show", "--showformat=${Version}", name));
        }
        return versions;
    }

    /** Makes the application's files, has them in the page cache, and keeps what it prints on them. */
    private Tree prepare(final Application application) throws BenchException, IOException, InterruptedException {
        final Path tree = Files.createDirectory(host.resolve(application.id()));
        final Path outside = Files.createDirectory(local.resolve(application.id()));
        Commands.run(
                PREPARATION_TIMEOUT_SECONDS,
                List.of(
                        sources.resolve(application.id()).resolve("prepare").toString(),
                        tree.toString(),
                        outside.toString()));
        // What is written back later would disturb a measurement.
        Commands.run(PREPARATION_TIMEOUT_SECONDS, List.of("sync", "--file-system", tree.toString()));
        final Tree read = Tree.read(tree);
        try (Application.Session session = application.start(site(application, host, "reference"))) {
            expected.put(application, comparable(session.run().printed(), host));
        }
        return read;
    }

    private void start(final Contender contender, final Results<Step> results)
            throws BenchException, IOException, InterruptedException {
        final Path home = Files.createDirectory(work().resolve(contender.id()));
        try {
            shares.put(contender, contender.start(tools(), host, home, started()));
        } catch (final BenchException e) {
            for (final Step step : results.rows()) {
                fail(step.application(), contender, e, results);
            }
        }
    }

    /** Mounts, runs the application once and then some more times, and unmounts. */
    private void measure(
            final Application application, final Contender contender, final boolean counts, final Results<Step> results)
            throws BenchException, IOException, InterruptedException {
        if (results.failure(new Step(application, Step.Turn.FIRST), contender).isPresent()) {
            return;
        }
        final Share share = shares.get(contender);
        try {
            final Path root = share.mount();
            try {
                use(application, contender, root, counts, results);
            } catch (final BenchException e) {
                // What comes of it now, as that the mount is in use, is not the reason.
                fail(application, contender, e, results);
            } finally {
                share.unmount();
            }
        } catch (final BenchException e) {
            fail(application, contender, e, results);
        }
    }

    private void use(
            final Application application,
            final Contender contender,
            final Path root,
            final boolean counts,
            final Results<Step> results)
            throws BenchException, IOException, InterruptedException {
        try (Application.Session session = application.start(site(application, root, contender.id()))) {
            for (int run = 0; run <= REPETITIONS; run++) {
                final Commands.Finished finished = session.run();
                check(application, finished.printed(), root);
                if (counts) {
                    final Step.Turn turn = run == 0 ? Step.Turn.FIRST : Step.Turn.REPEATED;
                    results.add(new Step(application, turn), contender, (double) finished.nanoseconds());
                }
            }
        }
    }

    private void fail(
            final Application application,
            final Contender contender,
            final BenchException reason,
            final Results<Step> results)
            throws BenchException {
        if (isStopping()) {
            throw reason;
        }
        progress(application.id() + " failed on " + contender.id() + ": " + reason.getMessage());
        for (final Step.Turn turn : Step.Turn.values()) {
            results.fail(new Step(application, turn), contender, reason.getMessage());
        }
    }

    private Application.Site site(final Application application, final Path root, final String user) {
        return new Application.Site(
                tools(), root.resolve(application.id()), local.resolve(application.id()), user, started());
    }

    private void check(final Application application, final String printed, final Path root) throws BenchException {
        final String got = comparable(printed, root);
        final String wanted = expected.get(application);
        if (!got.equals(wanted)) {
            final List<String> lines = got.lines().toList();
            final List<String> wantedLines = wanted.lines().toList();
            int line = 0;
            while (line < lines.size()
                    && line < wantedLines.size()
                    && lines.get(line).equals(wantedLines.get(line))) {
                line++;
            }
            throw new BenchException("it printed something else than on the directory itself, from line " + (line + 1)
                    + ": " + (line < lines.size() ? lines.get(line) : "nothing"));
        }
    }

    /** What is printed, without the place of the files. */
    private static String comparable(final String printed, final Path root) {
        return printed.replace(root.toString(), "ROOT");
    }
}
