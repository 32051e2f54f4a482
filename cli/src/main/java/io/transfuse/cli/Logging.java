package io.transfuse.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.NopStatusListener;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sets logback up, which finds this class as a service. In plain code: to read XML takes a part of the time to start. */
public final class Logging extends ContextAwareBase implements Configurator {
    private static LogSettings settings = LogSettings.of();
    private static LoggerContext configured;

    /** Called by logback. */
    public Logging() {}

    /**
     * From now on the log is what these arguments say.
     *
     * @throws CommandException if the log file cannot be written
     */
    static synchronized void configure(final String... arguments) throws CommandException {
        settings = LogSettings.of(arguments);
        if (settings.file() != null) {
            try {
                Files.newOutputStream(settings.file(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                        .close();
            } catch (final IOException e) {
                throw new CommandException(
                        ExitCode.FAILURE, "cannot write the log file " + settings.file() + ": " + e, e);
            }
        }
        if (configured != null) {
            configured.reset();
            apply(configured, settings);
        }
    }

    @Override
    public ExecutionStatus configure(final LoggerContext context) {
        synchronized (Logging.class) {
            apply(context, settings);
            configured = context;
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static void apply(final LoggerContext context, final LogSettings wanted) {
        // Without a listener logback tells of itself on the console.
        context.getStatusManager().add(new NopStatusListener());
        final Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(wanted.level(), Level.WARN));
        context.getLogger("io.netty").setLevel(Level.WARN);
        // That the guest has no network is nothing to warn of: only UNIX sockets are used.
        context.getLogger("io.netty.util").setLevel(Level.ERROR);
        root.addAppender(wanted.file() == null ? standardError(context) : file(context, wanted));
    }

    /** One more appender for everything that is logged. */
    static void add(final Appender<ILoggingEvent> appender) {
        final LoggerContext context = (LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory();
        appender.setContext(context);
        appender.start();
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    private static Appender<ILoggingEvent> standardError(final LoggerContext context) {
        final ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setTarget("System.err");
        start(console, context, isJournal() ? LogLayout.Kind.JOURNAL : LogLayout.Kind.PLAIN);
        return console;
    }

    private static Appender<ILoggingEvent> file(final LoggerContext context, final LogSettings wanted) {
        final RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
        file.setFile(wanted.file().toString());
        final FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(file);
        rolling.setFileNamePattern(wanted.file() + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(wanted.files());
        rolling.start();
        final SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(new FileSize(wanted.fileSize()));
        trigger.setCheckIncrement(Duration.buildByMilliseconds(0));
        trigger.start();
        file.setRollingPolicy(rolling);
        file.setTriggeringPolicy(trigger);
        start(file, context, LogLayout.Kind.PLAIN);
        return file;
    }

    private static void start(
            final OutputStreamAppender<ILoggingEvent> appender,
            final LoggerContext context,
            final LogLayout.Kind kind) {
        final LogLayout layout = new LogLayout(kind);
        layout.setContext(context);
        layout.start();
        final LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
    }

    /** Whether standard error is the journal: $JOURNAL_STREAM names its device and inode, see systemd.exec(5). */
    private static boolean isJournal() {
        final String stream = System.getenv("JOURNAL_STREAM");
        if (stream == null) {
            return false;
        }
        try {
            final Path standardError = Path.of("/proc/self/fd/2");
            return stream.equals(Files.getAttribute(standardError, "unix:dev") + ":"
                    + Files.getAttribute(standardError, "unix:ino"));
        } catch (final IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
