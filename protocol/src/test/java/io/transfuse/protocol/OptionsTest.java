package io.transfuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words that users write for modes and owners. */
class OptionsTest {
    @ParameterizedTest
    @ValueSource(strings = {"passthrough", "fixed=0:0", "fixed=1000:100", "recorded=4294967294:4294967294"})
    void shouldReadOwners(final String text) {
        assertThat(Ownership.parse(text)).hasToString(text);
    }

    @Property(tries = 200)
    void shouldReadBackEveryOwner(
            @ForAll final boolean fixed,
            @ForAll @LongRange(max = 0xfffffffeL) final long uid,
            @ForAll @LongRange(max = 0xfffffffeL) final long gid) {
        final Ownership.Policy policy = fixed ? Ownership.Policy.FIXED : Ownership.Policy.RECORDED;
        final Ownership ownership = new Ownership(policy, (int) uid, (int) gid);

        assertThat(Ownership.parse(ownership.toString())).isEqualTo(ownership);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Passthrough",
                "passthrough=1:1",
                "fixed",
                "fixed=",
                "fixed=1",
                "fixed=1:",
                "fixed=:1",
                "fixed=1:1:1",
                "fixed=-1:0",
                "fixed=+1:0",
                "fixed= 1:1",
                "fixed=0x1:1",
                "fixed=root:root",
                "fixed=12345678901:0",
                "FIXED=1:1",
                "recorded=1,1",
                "fixed=\u0661:1"
            })
    void shouldRefuseOtherOwners(final String text) {
        assertThatThrownBy(() -> Ownership.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown owner '" + text + "': known are passthrough, fixed=UID:GID, recorded=UID:GID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967295", "9999999999"})
    void shouldRefuseIdsAboveTheirMaximum(final String id) {
        assertThatThrownBy(() -> Ownership.parse("recorded=0:" + id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the id " + id + " is above 4294967294");
    }

    @ParameterizedTest
    @EnumSource(ConsistencyMode.class)
    void shouldReadModes(final ConsistencyMode mode) throws ProtocolException {
        assertThat(ConsistencyMode.ofWord(mode.word())).isEqualTo(mode);
        assertThat(ConsistencyMode.ofCode(mode.code())).isEqualTo(mode);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Consistent", "cached ", "none"})
    void shouldRefuseOtherModes(final String word) {
        assertThatThrownBy(() -> ConsistencyMode.ofWord(word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown mode '" + word + "': known are consistent, cached, delegated, default");
    }

    @Property(tries = 300)
    void shouldNameEveryErrno(@ForAll @IntRange(min = -10, max = 600) final int errno) {
        assertThat(Errno.name(errno)).matches("E[A-Z0-9]+|errno -?[0-9]+");
    }

    @Test
    void shouldNameErrnos() {
        assertThat(Errno.name(Errno.ENOENT)).isEqualTo("ENOENT");
        assertThat(Errno.name(Errno.ECANCELED)).isEqualTo("ECANCELED");
        assertThat(Errno.name(511)).isEqualTo("errno 511");
    }
}
