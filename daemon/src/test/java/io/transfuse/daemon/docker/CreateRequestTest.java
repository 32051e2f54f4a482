package io.transfuse.daemon.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.transfuse.protocol.ConsistencyMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreateRequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of("/var/lib/transfuse/docker");
    private static final Namespaces NAMESPACES = new Namespaces(List.of(Path.of("/Users"), Path.of("/Volumes")));

    private static CreateRequest.Rewritten rewrite(final String body) throws DockerException {
        return CreateRequest.rewrite(body.getBytes(StandardCharsets.UTF_8), NAMESPACES, ROOT);
    }

    private static String rewriteBind(final String bind) throws Exception {
        final String body = JSON.createObjectNode()
                .set(
                        "HostConfig",
                        JSON.createObjectNode()
                                .set("Binds", JSON.createArrayNode().add(bind)))
                .toString();
        return JSON.readTree(rewrite(body).body())
                .path("HostConfig")
                .path("Binds")
                .path(0)
                .asText();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/Users/me/p:/p:cached                | cached/Users/me/p/@:/p:cached",
                "/Users/me/p:/p                       | consistent/Users/me/p/@:/p",
                "/Users/me/p:/p:ro                    | consistent/Users/me/p/@:/p:ro",
                "/Users/me/p:/p:ro,delegated,z        | delegated/Users/me/p/@:/p:ro,delegated,z",
                "/Users/me/p:/p:rshared,consistent,Z  | consistent/Users/me/p/@:/p:rshared,consistent,Z",
                "/Users/me/p:/p:default               | default/Users/me/p/@:/p",
                "/Users/me/p:/p:default,ro            | default/Users/me/p/@:/p:ro",
                "/Users/me/../you//p/:/p:cached       | cached/Users/you/p/@:/p:cached",
                "/Users:/p                            | consistent/Users/@:/p",
                "/Volumes/a b/ü/@x:/p                 | consistent/Volumes/a b/ü/@@x/@:/p",
            })
    void shouldPutABindOfAHostPathToItsPlace(final String bind, final String wanted) throws Exception {
        assertThat(rewriteBind(bind)).isEqualTo(ROOT + "/" + wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "volume:/p:cached",
                "/p",
                "/var/lib:/p:cached",
                "/Usersx:/p",
                "/Users/../etc:/p",
                "Users/me:/p",
                "./Users:/p",
                // An anonymous volume at /Users/me, with options.
                "/Users/me:ro",
                "/Users/me:cached",
                // The engine says what is wrong with these.
                "/Users/me:/p:cached,delegated",
                "/Users/me:/p:ro:x",
                "",
                ":",
                "::",
                "/Users/me:"
            })
    void shouldLeaveOtherBindsAsTheyAre(final String bind) throws Exception {
        final byte[] body = ("{\"HostConfig\":{\"Binds\":[\"" + bind + "\"]}}").getBytes(StandardCharsets.UTF_8);
        final CreateRequest.Rewritten rewritten = CreateRequest.rewrite(body, NAMESPACES, ROOT);
        assertThat(rewritten.body()).isSameAs(body);
        assertThat(rewritten.places()).isEmpty();
    }

    @Test
    void shouldPutMountsToTheirPlacesWhateverTheOrderOfTheirFields() throws Exception {
        final CreateRequest.Rewritten rewritten = rewrite("{\"Image\":\"x\",\"HostConfig\":{\"Mounts\":["
                + "{\"Type\":\"bind\",\"Source\":\"/Users/a\",\"Target\":\"/a\",\"Consistency\":\"cached\"},"
                + "{\"Consistency\":\"delegated\",\"Source\":\"/Users/b\",\"BindOptions\":{\"Source\":\"/Users/no\","
                + "\"Propagation\":\"rslave\"},\"Target\":\"/b\",\"Type\":\"bind\"},"
                + "{\"Type\":\"volume\",\"Source\":\"/Users/c\",\"Target\":\"/c\"},"
                + "{\"Type\":\"bind\",\"Source\":\"/Users/d\",\"Consistency\":\"default\"},"
                + "{\"Type\":\"bind\",\"Source\":\"/Users/e\",\"ReadOnly\":true},"
                + "{\"Type\":\"bind\",\"Source\":\"/etc\"}]}}");
        final JsonNode mounts =
                JSON.readTree(rewritten.body()).path("HostConfig").path("Mounts");
        assertThat(mounts.findValuesAsText("Source"))
                .containsExactly(
                        ROOT + "/cached/Users/a/@",
                        ROOT + "/delegated/Users/b/@",
                        "/Users/no",
                        "/Users/c",
                        ROOT + "/default/Users/d/@",
                        ROOT + "/consistent/Users/e/@",
                        "/etc");
        assertThat(rewritten.places())
                .contains(new Place(Path.of("/Users/b"), ConsistencyMode.DELEGATED))
                .hasSize(4);
    }

    @Test
    void shouldCompareNamesAsTheEngineDoes() throws Exception {
        final CreateRequest.Rewritten rewritten = rewrite(
                "{\"hostconfig\":{\"BINDS\":[\"/Users/a:/a\"],\"mounts\":[{\"type\":\"bind\",\"SOURCE\":\"/Users/b\"}],"
                        + "\"VolumesFrom\":[\"x\"]}}");
        assertThat(rewritten.places()).hasSize(2);
        assertThat(rewritten.volumesFrom()).isTrue();
        assertThat(rewrite("{\"HostConfig\":{\"VolumesFrom\":[]}}").volumesFrom())
                .isFalse();
        assertThat(rewrite("{\"HostConfig\":{\"VolumesFrom\":null}}").volumesFrom())
                .isFalse();
    }

    @Test
    void shouldLookForBindsWhereTheyAreAndNowhereElse() throws Exception {
        final String body = "{\"Env\":[\"/Users/a:/a\"],\"Binds\":[\"/Users/a:/a\"],\"Labels\":{\"HostConfig\":"
                + "{\"Binds\":[\"/Users/a:/a\"]}},\"HostConfig\":{\"Dns\":[\"/Users/a:/a\"],\"X\":{\"Binds\":"
                + "[\"/Users/a:/a\"]},\"Binds\":null,\"Mounts\":{\"Type\":\"bind\",\"Source\":\"/Users/a\"}}}";
        assertThat(rewrite(body).places()).isEmpty();
        assertThat(new String(rewrite(body).body(), StandardCharsets.UTF_8)).isEqualTo(body);
    }

    @Test
    void shouldRefuseAConsistencyThatIsUnknown() {
        assertThatThrownBy(
                        () -> rewrite(
                                "{\"HostConfig\":{\"Mounts\":[{\"Type\":\"bind\",\"Source\":\"/Users/a\",\"Consistency\":\"fast\"}]}}"))
                .isInstanceOf(DockerException.class)
                .hasMessage("invalid mount config for type \"bind\": unknown consistency 'fast': known are consistent,"
                        + " cached, delegated, default");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "null", "[]", "{\"HostConfig\":{\"Binds\":[\"/Users/a:/a\"", "\u0000", "{\"a\":1}x{"})
    void shouldLeaveToTheEngineWhatIsNoJson(final String text) throws Exception {
        final byte[] body = text.getBytes(StandardCharsets.UTF_8);
        assertThat(CreateRequest.rewrite(body, NAMESPACES, ROOT).body()).isSameAs(body);
    }

    /** What a request is made of: binds of the host's, of the engine's, and what has nothing to do with it. */
    @Provide
    Arbitrary<String> sources() {
        final Arbitrary<String> names = Arbitraries.strings()
                .withChars("ab.@ \"\\é☃")
                .ofMinLength(1)
                .ofMaxLength(6)
                .filter(name -> !name.equals(".") && !name.equals(".."));
        return Combinators.combine(Arbitraries.of("/Users/", "/Volumes/", "/etc/", "name"), names)
                .as((first, last) -> first + last);
    }

    @Property(tries = 500)
    void shouldChangeTheSourcesOfHostBindsAndNoOtherByte(
            @ForAll("sources") final String first,
            @ForAll("sources") final String second,
            @ForAll final String other,
            @ForAll final long number,
            @ForAll final boolean pretty)
            throws Exception {
        final ObjectNode body = JSON.createObjectNode();
        body.put("Image", other).put("Number", number).put("Float", "1e400");
        final ObjectNode hostConfig = body.putObject("HostConfig");
        hostConfig.put("Memory", number);
        final ArrayNode binds = hostConfig.putArray("Binds");
        binds.add(first + ":/a:cached,ro");
        binds.add(second + ":/b");
        hostConfig
                .putArray("Mounts")
                .addObject()
                .put("Target", other)
                .put("Type", "bind")
                .put("Source", second);
        body.putObject(other + "x").put("Binds", first);
        final String text = pretty ? body.toPrettyString() : body.toString();
        // A number that no Java type holds must stay as it is written.
        final String sent = text.replace("\"1e400\"", "1.00e400");

        final CreateRequest.Rewritten rewritten = rewrite(sent);
        final List<String> wanted = new ArrayList<>();
        for (final String source : List.of(first, second)) {
            if (NAMESPACES.contain(source)) {
                wanted.add(source);
            }
        }
        // Undo: what is left must be the very text.
        String expected = new String(rewritten.body(), StandardCharsets.UTF_8);
        for (final Place place : rewritten.places()) {
            expected = expected.replace(
                    quoted(place.mountPoint(ROOT).toString()),
                    quoted(place.hostPath().toString()));
        }
        assertThat(expected).isEqualTo(sent);
        assertThat(rewritten.places().stream().map(place -> place.hostPath().toString()))
                .containsAll(wanted)
                .allMatch(wanted::contains);
        if (wanted.isEmpty()) {
            assertThat(rewritten.body()).isEqualTo(sent.getBytes(StandardCharsets.UTF_8));
        }

        // And what the engine then tells is shown as the user wrote it.
        assertThat(JsonStrings.map(rewritten.body(), value -> Place.withHostPath(ROOT, value)))
                .isEqualTo(sent.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(final String text) {
        final String literal = JSON.getNodeFactory().textNode(text).toString();
        return literal.substring(1, literal.length() - 1);
    }

    @Property
    void shouldSayInThePlaceAllThatIsNeededToMountItAgain(@ForAll("sources") final String source) {
        final Set<ConsistencyMode> modes = Set.of(ConsistencyMode.values());
        for (final ConsistencyMode mode : modes) {
            final Place place = new Place(Path.of("/").resolve(source).normalize(), mode);
            final Path mountPoint = place.mountPoint(ROOT);
            assertThat(Place.of(ROOT, mountPoint)).contains(place);
            // No mount point lies within another.
            assertThat(new Place(place.hostPath().resolve("@"), mode)
                            .mountPoint(ROOT)
                            .startsWith(mountPoint))
                    .isFalse();
            assertThat(new Place(place.hostPath().resolve("@/x"), mode)
                            .mountPoint(ROOT)
                            .startsWith(mountPoint))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/cached", "/cached/Users", "/fast/Users/@", "/cached/@x/@", "x/cached/@"})
    void shouldNotTakeOtherPathsForPlaces(final String path) {
        assertThat(Place.of(ROOT, Path.of(ROOT + path))).isEmpty();
        assertThat(Place.withHostPath(ROOT, ROOT + path)).isEqualTo(ROOT + path);
    }
}
