package io.transfuse.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One line for each event, and the lines of a stack trace after it. What is in a message may come from the other side:
 * control characters are shown as escapes, so that nobody can forge a line or move the terminal's cursor.
 */
final class LogLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT)
            .withZone(ZoneId.systemDefault());
    private static final int SYSLOG_ERROR = 3;
    private static final int SYSLOG_WARNING = 4;
    private static final int SYSLOG_INFO = 6;
    private static final int SYSLOG_DEBUG = 7;

    private final Kind kind;

    /** Where the lines go. */
    enum Kind {
        /** With time and level. */
        PLAIN,

        /** The journal has the time; the level is a prefix, see sd-daemon(3). */
        JOURNAL
    }

    LogLayout(final Kind kind) {
        this.kind = kind;
    }

    @Override
    public String doLayout(final ILoggingEvent event) {
        final StringBuilder text = new StringBuilder();
        final String prefix = kind == Kind.JOURNAL ? "<" + priority(event.getLevel()) + ">" : "";
        text.append(prefix);
        if (kind == Kind.PLAIN) {
            text.append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
                    .append(String.format(Locale.ROOT, " %-5s ", event.getLevel()));
        }
        escape(text, event.getFormattedMessage());
        text.append('\n');
        if (event.getThrowableProxy() != null) {
            for (final String line :
                    ThrowableProxyUtil.asString(event.getThrowableProxy()).split("\\R")) {
                text.append(prefix);
                escape(text, line.replace("\t", "    "));
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static int priority(final Level level) {
        switch (level.toInt()) {
            case Level.ERROR_INT:
                return SYSLOG_ERROR;
            case Level.WARN_INT:
                return SYSLOG_WARNING;
            case Level.INFO_INT:
                return SYSLOG_INFO;
            default:
                return SYSLOG_DEBUG;
        }
    }

    private static void escape(final StringBuilder to, final String message) {
        for (int i = 0; i < message.length(); i++) {
            final char c = message.charAt(i);
            if (c == '\n') {
                to.append("\\n");
            } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                to.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                to.append(c);
            }
        }
    }
}
