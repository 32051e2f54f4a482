package io.transfuse.daemon.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.transfuse.daemon.CacheOptions;
import io.transfuse.daemon.MountSpec;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A volume of the plugin, as {@code docker volume create -d transfuse -o source=... -o mode=cached NAME} makes it, and
 * as it is kept in the file of volumes.
 *
 * @param name as the engine allows it
 * @param source absolute path on the host
 * @param mode the word of the consistency
 * @param readOnly whether changes are refused with EROFS
 * @param owner the ownership policy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Volume(String name, String source, String mode, boolean readOnly, String owner) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}");
    private static final Set<String> OPTIONS = Set.of("source", "mode", "ro", "owner");

    /** Checks what a file or the engine says. */
    Volume {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "the name of a volume has 1 to 128 letters, digits and any of _ . - and begins with one of the former");
        }
        if (source == null || !source.startsWith("/")) {
            throw new IllegalArgumentException(
                    "the option source=PATH is missing or not absolute: give the host's path");
        }
        ConsistencyMode.ofWord(mode);
        Ownership.parse(owner);
    }

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException with a message for the user
     */
    static Volume of(final String name, final Map<String, String> options) {
        for (final String option : options.keySet()) {
            if (!OPTIONS.contains(option)) {
                throw new IllegalArgumentException("unknown option '" + option
                        + "': known are source=PATH, mode=consistent|cached|delegated|default, ro=true,"
                        + " owner=passthrough|fixed=UID:GID|recorded=UID:GID");
            }
        }
        final String readOnly = options.getOrDefault("ro", "false");
        if (!readOnly.equals("true") && !readOnly.equals("false") && !readOnly.isEmpty()) {
            throw new IllegalArgumentException("the option ro is true or false");
        }
        return new Volume(
                name,
                options.get("source"),
                options.getOrDefault("mode", ConsistencyMode.CONSISTENT.word()),
                !readOnly.equals("false"),
                options.getOrDefault("owner", Ownership.PASSTHROUGH.toString()));
    }

    MountSpec at(final Path mountPoint) {
        return new MountSpec(
                source,
                mountPoint,
                ConsistencyMode.ofWord(mode),
                readOnly,
                Ownership.parse(owner),
                CacheOptions.DEFAULT);
    }
}
