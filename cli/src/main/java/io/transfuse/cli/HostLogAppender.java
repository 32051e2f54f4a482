package io.transfuse.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.transfuse.daemon.session.HostLog;
import io.transfuse.protocol.LogRecord;

/** Hands what is logged to the host's log. Stack traces stay here. */
final class HostLogAppender extends AppenderBase<ILoggingEvent> {
    private final HostLog log;
    private final Level least;

    HostLogAppender(final HostLog log, final Level least) {
        this.log = log;
        this.least = least;
    }

    @Override
    protected void append(final ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(least)) {
            log.write(level(event.getLevel()), event.getFormattedMessage());
        }
    }

    private static int level(final Level level) {
        switch (level.toInt()) {
            case Level.ERROR_INT:
                return LogRecord.ERROR;
            case Level.WARN_INT:
                return LogRecord.WARNING;
            case Level.INFO_INT:
                return LogRecord.INFO;
            default:
                return LogRecord.DEBUG;
        }
    }
}
