package io.transfuse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How soon a program in the guest that watches by inotify is told of a save on the host. */
@Command(
        name = "tests/bench/run events",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how long it takes from a save on the host until inotify tells a program in the guest of it.",
            "The file systems: native, transfuse, transfuse-cached. The standard number of rounds: 1."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tests/bench/run events", "  tests/bench/run events --changes 100 --systems native,transfuse-cached"
        })
final class EventsBench extends Bench {
    private static final int WARM_UP = 200;
    private static final long START_SECONDS = 120;
    private static final long MOST_SECONDS_PER_CHANGE = 25;

    @Option(names = "--changes", paramLabel = "N", description = "Saves of each file system and round (default: 1000).")
    private int changes = 1_000;

    @Option(
            names = "--pause",
            paramLabel = "MILLIS",
            description = "What lies between the end of one and the next, in ms (default: 5).")
    private int pause = 5;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the machine-readable results go (default: build/events.json).")
    private Path out = Path.of("build/events.json");

    private EventsBench() {
        super(Contender.TELLING);
    }

    public static void main(final String[] args) {
        System.exit(commandLine(new EventsBench()).execute(args));
    }

    @Override
    void run() throws BenchException, IOException, InterruptedException {
        if (changes < 1 || pause < 0) {
            throw refusal("--changes has to be at least 1, and --pause not negative");
        }
        final int rounds = rounds(1);
        final List<Contender> contenders = contenders();
        final Map<String, Object> facts =
                facts(Map.of("rounds", rounds, "changes", changes, "pauseMilliseconds", pause), Map.of());
        final List<String> pairs = new ArrayList<>();
        for (final Contender contender : contenders) {
            progress("starting " + contender.id());
            final Path home = Files.createDirectory(work().resolve(contender.id()));
            final Path host = Files.createDirectory(home.resolve("host"));
            Files.createDirectory(host.resolve("saved"));
            pairs.add(host.resolve("saved").toString());
            pairs.add(contender
                    .start(tools(), host, home, started())
                    .mount()
                    .resolve("saved")
                    .toString());
        }
        progress("warming up");
        measure(contenders, pairs, WARM_UP, new Latencies(contenders));
        final Latencies result = new Latencies(contenders);
        for (int round = 0; round < rounds; round++) {
            progress("round " + (round + 1) + " of " + rounds);
            measure(contenders, pairs, changes, result);
        }
        complete(facts, contenders);
        BenchFile.write(out, facts, Map.of("nanoseconds", result.fields()));
        System.out.println(result.table());
        System.out.println("Written to " + out);
    }

    /** The file systems take turns, save by save. */
    private void measure(
            final List<Contender> contenders, final List<String> pairs, final int count, final Latencies result)
            throws BenchException, IOException, InterruptedException {
        final List<String> command = new ArrayList<>(
                List.of(tools().saves().toString(), Integer.toString(count), Integer.toString(pause * 1_000)));
        command.addAll(pairs);
        final long seconds = START_SECONDS + count * (long) contenders.size() * pause / 100 + MOST_SECONDS_PER_CHANGE;
        for (final String line : Commands.run(seconds, command).split("\n")) {
            final int space = line.indexOf(' ');
            if (space < 0) {
                throw new BenchException("saves printed '" + line + "'");
            }
            result.add(
                    contenders.get(Integer.parseInt(line.substring(0, space))),
                    Long.parseLong(line.substring(space + 1)));
        }
    }
}
