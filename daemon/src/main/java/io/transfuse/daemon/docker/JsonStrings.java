package io.transfuse.daemon.docker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Replaces strings in a JSON text and leaves every other byte as it is. Not thread-safe. */
final class JsonStrings {
    private static final JsonFactory JSON = new JsonFactory();

    private final byte[] text;
    private final List<Change> changes = new ArrayList<>();

    /**
     * A string of the text.
     *
     * @param from offset of its opening quote, in bytes
     * @param to offset behind its closing quote, in bytes
     */
    record Span(int from, int to) {}

    private record Change(Span span, byte[] replacement) {}

    JsonStrings(final byte[] text) {
        this.text = text;
    }

    static JsonParser parser(final byte[] text) throws IOException {
        return JSON.createParser(text);
    }

    /**
     * Where the parser's current string is.
     *
     * @throws IOException if the text is not in UTF-8
     */
    static Span span(final JsonParser parser) throws IOException {
        // Reading the text moves the parser behind the closing quote.
        parser.getTextLength();
        final long from = parser.currentTokenLocation().getByteOffset();
        final long to = parser.currentLocation().getByteOffset();
        if (from < 0 || to < from) {
            throw new IOException("the text is not in UTF-8");
        }
        return new Span((int) from, (int) to);
    }

    /** Notes a replacement; they are to come in the order of the text. */
    void replace(final Span span, final String replacement) {
        final byte[] encoded = JsonStringEncoder.getInstance().quoteAsUTF8(replacement);
        final byte[] quoted = new byte[encoded.length + 2];
        quoted[0] = '"';
        System.arraycopy(encoded, 0, quoted, 1, encoded.length);
        quoted[quoted.length - 1] = '"';
        changes.add(new Change(span, quoted));
    }

    /** The text with the replacements; the very array if there is none. */
    byte[] result() {
        if (changes.isEmpty()) {
            return text;
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream(text.length);
        int done = 0;
        for (final Change change : changes) {
            out.write(text, done, change.span.from - done);
            out.writeBytes(change.replacement);
            done = change.span.to;
        }
        out.write(text, done, text.length - done);
        return out.toByteArray();
    }

    /**
     * Maps every string that is a value.
     *
     * @return the very array if nothing is changed, or if it is not JSON
     */
    static byte[] map(final byte[] text, final UnaryOperator<String> mapping) {
        final JsonStrings strings = new JsonStrings(text);
        try (JsonParser parser = parser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    final Span span = span(parser);
                    final String value = parser.getText();
                    final String mapped = mapping.apply(value);
                    if (!mapped.equals(value)) {
                        strings.replace(span, mapped);
                    }
                }
            }
            return strings.result();
        } catch (final IOException e) {
            return text;
        }
    }
}
