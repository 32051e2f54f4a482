package io.transfuse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.transfuse.protocol.ConsistencyMode;
import io.transfuse.protocol.Ownership;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeTest {
    @Test
    void shouldReadPathsAlone() {
        assertThat(Volume.parse("/a:/b"))
                .isEqualTo(new Volume("/a", Path.of("/b"), ConsistencyMode.CONSISTENT, false, null));
    }

    @Test
    void shouldReadModeAndOptions() {
        assertThat(Volume.parse("/a b:/c/../d:cached,ro,owner=fixed=1000:4294967294"))
                .isEqualTo(new Volume(
                        "/a b",
                        Path.of("/d"),
                        ConsistencyMode.CACHED,
                        true,
                        new Ownership(Ownership.Policy.FIXED, 1000, -2)));
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
                "/a:/b,owner="
            })
    void shouldRefuseWhatMakesNoSense(final String text) {
        assertThatThrownBy(() -> Volume.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("\n");
    }
}
