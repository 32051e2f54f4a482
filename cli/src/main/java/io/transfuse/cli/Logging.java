package io.transfuse.cli;

import java.util.Arrays;
import java.util.List;

/** How much is logged, decided before the first logger exists. */
final class Logging {
    private static final String LEVEL = "transfuse.log.level";
    private static final List<String> SERVICES = List.of("serve", "daemon");

    private Logging() {}

    static void configure(final String... arguments) {
        if (System.getProperty(LEVEL) != null) {
            return;
        }
        final List<String> own = Arrays.asList(arguments);
        final int end = own.indexOf("--");
        final List<String> options = end < 0 ? own : own.subList(0, end);
        if (options.contains("--verbose")) {
            System.setProperty(LEVEL, "DEBUG");
        } else if (!options.isEmpty() && SERVICES.contains(options.get(0))) {
            System.setProperty(LEVEL, "INFO");
        }
    }
}
