package io.transfuse.daemon.docker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request to the engine is about, as far as the front has to know. */
final class Target {
    private static final Pattern AUTHORITY = Pattern.compile("^https?://[^/]*");
    private static final Pattern VERSION = Pattern.compile("^/v[0-9.]+(?=/)");
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern START = Pattern.compile("^/containers/([^/]+)/(?:start|restart)$");
    private static final Pattern INSPECT = Pattern.compile("^/containers/(?:[^/]+/)?json$");

    private final String method;
    private final String path;

    private Target(final String method, final String path) {
        this.method = method;
        this.path = path;
    }

    /** Reads method and target; the version of the API does not matter. */
    static Target of(final HttpHead request) {
        String path = AUTHORITY.matcher(request.target()).replaceFirst("");
        final int query = path.indexOf('?');
        path = query < 0 ? path : path.substring(0, query);
        try {
            // The engine decodes before it looks. A plus sign stands for itself in a path.
            path = URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (final IllegalArgumentException e) {
            // The engine refuses it.
        }
        path = SLASHES.matcher(path).replaceAll("/");
        return new Target(request.method(), VERSION.matcher(path).replaceFirst(""));
    }

    boolean isCreate() {
        return method.equals("POST") && path.equals("/containers/create");
    }

    /** The container that is to be started, by name or id; null if none is. */
    String started() {
        final Matcher matcher = START.matcher(path);
        return method.equals("POST") && matcher.matches() ? matcher.group(1) : null;
    }

    /** Whether the answer shows the binds of containers. */
    boolean showsBinds() {
        return method.equals("GET") && INSPECT.matcher(path).matches();
    }
}
