package io.transfuse.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code transfuse status}: tells what the daemon has mounted. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Tells what is mounted and how it does. The exit code is 1 when a mount is disconnected.",
        footerHeading = "%nExamples:%n",
        footer = {"  transfuse status", "  transfuse status --json", "  transfuse status --health"})
final class StatusCommand implements Callable<Integer> {
    private static final double MIB = 1024 * 1024;
    private static final String ROW = "%-28s %-28s %-24s %-13s %5s %12s %8s%n";

    @Option(names = "--json", description = "Print what the daemon answers, with figures for each operation.")
    private boolean json;

    @Option(
            names = "--health",
            description = "Only say 'ok', or end with 1 when no daemon answers or a mount is disconnected.")
    private boolean health;

    @Mixin
    private ControlOption control;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        if (health) {
            spec.commandLine().getOut().println(ask("/v1/health").path("health").asText());
            return ExitCode.OK;
        }
        final JsonNode status = ask("/v1/status");
        final PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(status.toPrettyString());
        } else {
            print(status, out);
        }
        out.flush();
        for (final JsonNode mount : status.path("mounts")) {
            if (!mount.path("state").asText().equals("mounted")) {
                return ExitCode.FAILURE;
            }
        }
        return ExitCode.OK;
    }

    private JsonNode ask(final String uri) throws CommandException {
        try {
            return new ObjectMapper().readTree(control.client().request("GET", uri, ""));
        } catch (final JsonProcessingException e) {
            throw new CommandException(ExitCode.FAILURE, "the daemon's answer is no JSON: " + e.getMessage(), e);
        }
    }

    private static void print(final JsonNode status, final PrintWriter out) {
        out.println("host server: " + status.path("host").asText());
        if (status.path("mounts").isEmpty()) {
            out.println("nothing is mounted");
            return;
        }
        out.printf(ROW, "HOST", "GUEST", "MODE", "STATE", "LANES", "REQUESTS", "ERRORS");
        for (final JsonNode mount : status.path("mounts")) {
            out.printf(
                    ROW,
                    mount.path("hostPath").asText(),
                    mount.path("mountPoint").asText(),
                    mode(mount),
                    mount.path("state").asText(),
                    mount.path("lanes").asText(),
                    mount.path("requests").asText(),
                    mount.path("errors").asText());
        }
        for (final JsonNode mount : status.path("mounts")) {
            if (mount.path("cache").isObject()) {
                printCache(mount.path("mountPoint").asText(), mount.path("cache"), out);
            }
            printEvents(mount.path("mountPoint").asText(), mount.path("events"), out);
        }
    }

    private static void printCache(final String mountPoint, final JsonNode cache, final PrintWriter out) {
        final long hits = cache.path("hits").asLong();
        final long asked = hits + cache.path("misses").asLong();
        out.printf(
                "cache of %s: %s, %d entries, %.1f of %d MiB, %s%n",
                mountPoint,
                cache.path("validity").asText(),
                cache.path("entries").asLong(),
                cache.path("bytes").asLong() / MIB,
                cache.path("bytesMax").asLong() / (long) MIB,
                asked == 0 ? "nothing asked yet" : hits * 100 / asked + " % of " + asked + " questions answered");
    }

    private static void printEvents(final String mountPoint, final JsonNode events, final PrintWriter out) {
        final String state = events.path("state").asText();
        if (!state.equals("on")) {
            out.printf("events of %s: %s%n", mountPoint, state);
            return;
        }
        final long restarts = events.path("injectorRestarts").asLong();
        out.printf(
                "events of %s: on, %d delivered, %d dropped, %d waiting%s%n",
                mountPoint,
                events.path("delivered").asLong(),
                events.path("dropped").asLong(),
                events.path("waiting").asLong(),
                restarts == 0 ? "" : ", injector started anew " + restarts + " times");
    }

    /** A mount may have a stronger mode than was asked for. */
    private static String mode(final JsonNode mount) {
        final String asked = mount.path("mode").asText();
        final String has = mount.path("effectiveMode").asText();
        final String mode = asked.equals(has) ? asked : asked + " (as " + has + ")";
        return mount.path("readOnly").asBoolean() ? mode + ",ro" : mode;
    }
}
