package io.transfuse.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** What {@code daemon} and {@code serve} have in common as services. */
final class ServiceOptions {
    /** Read before the command line is parsed: see {@link ConfigurationFile}. */
    @Option(
            names = "--config",
            paramLabel = "PATH",
            description = "A file with options, a line NAME = VALUE for each; the command line overrides it.")
    void setConfig(final Path config) {
        // ConfigurationFile.expand has read it.
    }

    @Option(
            names = "--pid-file",
            paramLabel = "PATH",
            description =
                    "Where to write the process id once ready; removed at the end. With it, a second one refuses to start.")
    private Path pidFile;

    /** Read before the first logger is made, as the options that follow: see {@link Logging}. */
    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            converter = LogSettings.LevelConverter.class,
            description = "error, warn, info or debug (default: info).")
    void setLogLevel(final String logLevel) {
        // Logging.configure has read it.
    }

    @Option(
            names = "--log-file",
            paramLabel = "PATH",
            description =
                    "Log to this file, with rotation, and not to standard error. Not within a mount of this daemon.")
    void setLogFile(final Path logFile) {
        // Logging.configure has read it.
    }

    @Option(
            names = "--log-file-size",
            paramLabel = "SIZE",
            converter = LogSettings.SizeConverter.class,
            description = "When to begin a new log file, 64KiB to 16GiB (default: 10MiB).")
    void setLogFileSize(final Long logFileSize) {
        // Logging.configure has read it.
    }

    @Option(
            names = "--log-files",
            paramLabel = "N",
            converter = LogSettings.CountConverter.class,
            description = "How many older log files to keep, as PATH.1 to PATH.N, 1 to 20 (default: 5).")
    void setLogFiles(final Integer logFiles) {
        // Logging.configure has read it.
    }

    Path pidFile() {
        return pidFile;
    }
}
