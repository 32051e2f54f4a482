package io.transfuse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.transfuse.daemon.CacheOptions;
import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeTest {
    @Test
    void shouldReadPathsAlone() {
        assertThat(Volume.parse("/a:/b"))
                .isEqualTo(new Volume(
                        "/a",
                        Path.of("/b"),
                        ConsistencyMode.CONSISTENT,
                        false,
                        null,
                        CacheOptions.DEFAULT,
                        Set.of(),
                        true));
    }

    @Test
    void shouldReadModeAndOptions() {
        assertThat(Volume.parse("/a b:/c/../d:cached,ro,owner=fixed=1000:4294967294"))
                .isEqualTo(new Volume(
                        "/a b",
                        Path.of("/d"),
                        ConsistencyMode.CACHED,
                        true,
                        new Ownership(Ownership.Policy.FIXED, 1000, -2),
                        CacheOptions.DEFAULT,
                        Set.of(),
                        true));
    }

    @Test
    void shouldHaveEventsUnlessTheOptionSaysOtherwise() {
        assertThat(Volume.parse("/a:/b:consistent,events=off").events()).isFalse();
        assertThat(Volume.parse("/a:/b:consistent,events=on").events()).isTrue();
        assertThat(Volume.parse("/a:/b:default").events()).isTrue();
        assertThat(Volume.parse("/a:/b:delegated").events()).isTrue();
    }

    @Test
    void shouldReadBoundsOfTheCache() {
        assertThat(Volume.parse("/a:/b:cached,cache=128MiB,ttl=250ms").cache())
                .isEqualTo(new CacheOptions(128 << 20, 250));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "/a",
                "/a:",
                ":/b",
                "/a:/b:",
                "/a:/b:wrong",
                "/a:/b:cached:ro",
                "/a:b",
                "/a:/b,",
                "/a:/b,owner=",
                "/a:/b:cached,cache=64",
                "/a:/b:cached,cache=1B",
                "/a:/b:cached,cache=17GiB",
                "/a:/b:cached,ttl=1",
                "/a:/b:cached,ttl=2h"
            })
    void shouldRefuseWhatMakesNoSense(final String text) {
        assertThatThrownBy(() -> Volume.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("\n");
    }
}
