package io.transfuse.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:/run/host.sock",
                "unix:host.sock",
                "vsock:2:1525",
                "vsock:4294967294:0",
                "dev:/dev/vport0p1"
            })
    void shouldReadWhereToConnect(final String text) {
        assertThat(Address.toConnect(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:/run/host.sock", "vsock:1525", "vsock:4294967294", "dev:/tmp/port.sock"})
    void shouldReadWhereToListen(final String text) {
        assertThat(Address.toListen(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unix:",
                "dev:",
                "/run/host.sock",
                "vsock:",
                "vsock:1525",
                "vsock:2:",
                "vsock::1",
                "vsock:a:1",
                "vsock:-1:1",
                "vsock:1:2:3",
                "tcp:localhost:1",
                "VSOCK:2:1"
            })
    void shouldNotConnectToOtherTexts(final String text) {
        assertThatThrownBy(() -> Address.toConnect(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown address '" + text + "': known are unix:PATH, vsock:CID:PORT and dev:PATH");
    }

    @Test
    void shouldNotListenAtOtherTexts() {
        assertThatThrownBy(() -> Address.toListen("vsock:2:1525"))
                .hasMessage("unknown address 'vsock:2:1525': known are unix:PATH, vsock:PORT and dev:PATH");
    }

    @Test
    void shouldKnowTheLimitsOfNumbers() {
        assertThatThrownBy(() -> Address.toConnect("vsock:4294967296:1")).hasMessageContaining("context id 4294967296");
        assertThatThrownBy(() -> Address.toConnect("vsock:4294967295:1")).hasMessageContaining("that of nobody");
        assertThatThrownBy(() -> Address.toConnect("vsock:2:4294967295")).hasMessageContaining("port 4294967295");
        assertThatThrownBy(() -> Address.toListen("unix:/" + "p".repeat(103))).hasMessageContaining("longer than 103");
    }
}
