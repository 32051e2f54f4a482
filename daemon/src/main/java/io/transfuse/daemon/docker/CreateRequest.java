package io.transfuse.daemon.docker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.transfuse.protocol.ConsistencyMode;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The body of {@code POST /containers/create}: its binds of host paths are found and put to their places. Everything
 * else stays as it is, byte for byte, and so does a body that is no JSON: the engine says what is wrong with it. As the
 * engine does, names are compared without regard to case.
 *
 * <p>A bind is an element of {@code HostConfig.Binds} (see {@code docker run --volume}) or of {@code HostConfig.Mounts}
 * with the type {@code bind} (see {@code docker run --mount}).
 */
final class CreateRequest {
    private static final List<String> CONSISTENCIES = List.of("consistent", "cached", "delegated", "default");

    private final Namespaces namespaces;
    private final Path root;
    private final JsonStrings strings;
    private final Set<Place> places = new LinkedHashSet<>();
    private boolean volumesFrom;

    /** What is known of an element of Mounts when its end is reached. */
    private static final class MountObject {
        String type = "";
        String source = "";
        String consistency = "";
        JsonStrings.Span sourceSpan;
    }

    private CreateRequest(final byte[] body, final Namespaces namespaces, final Path root) {
        this.strings = new JsonStrings(body);
        this.namespaces = namespaces;
        this.root = root;
    }

    /**
     * What becomes of a body.
     *
     * @param body to be sent to the engine; the very array if nothing is changed
     * @param places what must be mounted
     * @param volumesFrom whether the container takes binds over from others
     */
    record Rewritten(byte[] body, Set<Place> places, boolean volumesFrom) {}

    /**
     * Finds the binds.
     *
     * @throws DockerException if a bind of a host path makes no sense
     */
    static Rewritten rewrite(final byte[] body, final Namespaces namespaces, final Path root) throws DockerException {
        final CreateRequest request = new CreateRequest(body, namespaces, root);
        try (JsonParser parser = JsonStrings.parser(body)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                request.readConfig(parser);
            }
        } catch (final IOException e) {
            return new Rewritten(body, Set.of(), false);
        }
        return new Rewritten(request.strings.result(), request.places, request.volumesFrom);
    }

    private void readConfig(final JsonParser parser) throws IOException, DockerException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT && name.equalsIgnoreCase("HostConfig")) {
                readHostConfig(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readHostConfig(final JsonParser parser) throws IOException, DockerException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName().toLowerCase(Locale.ROOT);
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                parser.skipChildren();
                continue;
            }
            switch (name) {
                case "binds":
                    readBinds(parser);
                    break;
                case "mounts":
                    readMounts(parser);
                    break;
                case "volumesfrom":
                    volumesFrom |= parser.nextToken() != JsonToken.END_ARRAY;
                    while (parser.currentToken() != JsonToken.END_ARRAY) {
                        parser.skipChildren();
                        parser.nextToken();
                    }
                    break;
                default:
                    parser.skipChildren();
            }
        }
    }

    private void readBinds(final JsonParser parser) throws IOException, DockerException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                final JsonStrings.Span span = JsonStrings.span(parser);
                final String bind = parser.getText();
                final String changed = rewriteBind(bind);
                if (!changed.equals(bind)) {
                    strings.replace(span, changed);
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    /** {@code SOURCE:DESTINATION[:OPTION,...]}; with two parts, the second may be options of an anonymous volume. */
    private String rewriteBind(final String bind) throws DockerException {
        final String[] parts = bind.split(":", -1);
        if (parts.length < 2 || parts.length > 3 || !parts[1].startsWith("/") || !namespaces.contain(parts[0])) {
            return bind;
        }
        String mode = "";
        final List<String> others = new ArrayList<>();
        for (final String option : parts.length == 3 ? parts[2].split(",", -1) : new String[0]) {
            if (!CONSISTENCIES.contains(option)) {
                others.add(option);
            } else if (mode.isEmpty()) {
                mode = option;
                // The engine knows the others, and shows them; what this one says is said by the place.
                if (!option.equals("default")) {
                    others.add(option);
                }
            } else {
                // The engine refuses two of them, with its own words.
                return bind;
            }
        }
        final Path place = place(parts[0], mode);
        return place + ":" + parts[1] + (others.isEmpty() ? "" : ":" + String.join(",", others));
    }

    private void readMounts(final JsonParser parser) throws IOException, DockerException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                readMount(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readMount(final JsonParser parser) throws IOException, DockerException {
        final MountObject mount = new MountObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            final String name = parser.currentName().toLowerCase(Locale.ROOT);
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                parser.skipChildren();
                continue;
            }
            switch (name) {
                case "type":
                    mount.type = parser.getText();
                    break;
                case "source":
                    mount.sourceSpan = JsonStrings.span(parser);
                    mount.source = parser.getText();
                    break;
                case "consistency":
                    mount.consistency = parser.getText();
                    break;
                default:
            }
        }
        if (mount.type.equals("bind") && mount.sourceSpan != null && namespaces.contain(mount.source)) {
            if (!mount.consistency.isEmpty() && !CONSISTENCIES.contains(mount.consistency)) {
                throw new DockerException(
                        DockerException.BAD_REQUEST,
                        "invalid mount config for type \"bind\": unknown consistency '" + mount.consistency
                                + "': known are " + String.join(", ", CONSISTENCIES));
            }
            strings.replace(
                    mount.sourceSpan, place(mount.source, mount.consistency).toString());
        }
    }

    private Path place(final String source, final String mode) throws DockerException {
        try {
            final Place place = new Place(
                    Path.of(source).normalize(),
                    mode.isEmpty() ? ConsistencyMode.CONSISTENT : ConsistencyMode.ofWord(mode));
            places.add(place);
            return place.mountPoint(root);
        } catch (final InvalidPathException e) {
            throw new DockerException(
                    DockerException.BAD_REQUEST,
                    "invalid mount config for type \"bind\": the source is not a path: " + e.getReason());
        }
    }
}
