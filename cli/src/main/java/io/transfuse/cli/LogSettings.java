package io.transfuse.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How much is logged, and where to.
 *
 * @param level {@code ERROR}, {@code WARN}, {@code INFO} or {@code DEBUG}
 * @param file the log file; null for standard error
 * @param fileSize when a new file is begun, in bytes
 * @param files how many older files are kept
 */
record LogSettings(String level, Path file, long fileSize, int files) {
    private static final List<String> SERVICES = List.of("serve", "daemon");
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug");
    private static final String LEVEL_PROPERTY = "transfuse.log.level";
    private static final long SIZE_DEFAULT = 10 * 1024 * 1024;
    private static final long SIZE_MIN = 64 * 1024;
    private static final long SIZE_MAX = 16L * 1024 * 1024 * 1024;
    private static final int FILES_DEFAULT = 5;

    /** More would be slow to rename, and logback takes no more. */
    private static final int FILES_MAX = 20;

    /**
     * Finds the settings in a command line, which picocli reads only later and then finds every mistake: here a mistake
     * is the default.
     */
    static LogSettings of(final String... arguments) {
        final List<String> all = Arrays.asList(arguments);
        final int end = all.indexOf("--");
        final List<String> options = end < 0 ? all : all.subList(0, end);
        final boolean service = !options.isEmpty() && SERVICES.contains(options.get(0));
        final String file = service ? value(options, "--log-file") : null;
        return new LogSettings(
                level(options, service),
                file == null ? null : Path.of(file),
                orDefault(() -> size(value(options, "--log-file-size")), SIZE_DEFAULT),
                orDefault(() -> count(value(options, "--log-files")), FILES_DEFAULT));
    }

    private static String level(final List<String> options, final boolean service) {
        final String property = System.getProperty(LEVEL_PROPERTY);
        if (property != null) {
            return property;
        }
        if (options.contains("--verbose") || options.contains("--verbose=true")) {
            return "DEBUG";
        }
        final String named = service ? value(options, "--log-level") : null;
        if (named != null && LEVELS.contains(named.toLowerCase(Locale.ROOT))) {
            return named.toUpperCase(Locale.ROOT);
        }
        return service ? "INFO" : "WARN";
    }

    private static String value(final List<String> options, final String name) {
        String value = null;
        for (int i = 0; i < options.size(); i++) {
            if (options.get(i).startsWith(name + "=")) {
                value = options.get(i).substring(name.length() + 1);
            } else if (options.get(i).equals(name) && i + 1 < options.size()) {
                value = options.get(i + 1);
            }
        }
        return value;
    }

    private interface Setting<T> {
        T read();
    }

    private static <T> T orDefault(final Setting<T> setting, final T otherwise) {
        try {
            return setting.read();
        } catch (final IllegalArgumentException e) {
            return otherwise;
        }
    }

    private static long size(final String text) {
        if (text == null) {
            return SIZE_DEFAULT;
        }
        final long size = Units.bytes(text);
        if (size < SIZE_MIN || size > SIZE_MAX) {
            throw new IllegalArgumentException("'" + text + "' is not from 64KiB to 16GiB");
        }
        return size;
    }

    private static int count(final String text) {
        if (text == null) {
            return FILES_DEFAULT;
        }
        final int count;
        try {
            count = Integer.parseInt(text);
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no number", e);
        }
        if (count < 1 || count > FILES_MAX) {
            throw new IllegalArgumentException("'" + text + "' is not from 1 to " + FILES_MAX);
        }
        return count;
    }

    /** Lets picocli check a level. */
    static final class LevelConverter implements ITypeConverter<String> {
        @Override
        public String convert(final String text) {
            if (!LEVELS.contains(text.toLowerCase(Locale.ROOT))) {
                throw new TypeConversionException(
                        "unknown level '" + text + "': known are " + String.join(", ", LEVELS));
            }
            return text;
        }
    }

    /** Lets picocli check a size. */
    static final class SizeConverter implements ITypeConverter<Long> {
        @Override
        public Long convert(final String text) {
            try {
                return size(text);
            } catch (final IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Lets picocli check a number of files. */
    static final class CountConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(final String text) {
            try {
                return count(text);
            } catch (final IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
