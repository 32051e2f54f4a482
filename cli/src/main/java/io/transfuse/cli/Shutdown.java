package io.transfuse.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done when the process is told to end. */
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

    private Shutdown() {}

    /** An action that may fail. */
    interface Action {
        void run() throws Exception;
    }

    /** Runs {@code action} when the process ends, by a signal too. */
    static void onExit(final String name, final Action action) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                action.run();
                            } catch (final Exception e) {
                                LOG.error("The {} did not end cleanly: {}", name, e.getMessage());
                            }
                        },
                        "shutdown " + name));
    }
}
