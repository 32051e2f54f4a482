package io.transfuse.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a greeting and its answer may say, and that nothing is allocated for what they may not. */
class HandshakeTest {
    private static final int MAJOR = 28;
    private static final int FRAME_MAX = 40;
    private static final int MODE = 45;
    private static final int OWNERSHIP = 47;
    private static final int OWNER_UID = 48;
    private static final int OWNER_GID = 52;
    private static final int PATH = 72;
    private static final int WELCOME_FRAME_MAX = 36;
    private static final int WELCOME_TRANSFER_MAX = 48;
    private static final int WELCOME_MESSAGE = 32;

    private static final int ALLOCATED_MAX = 64 * 1024;

    private static ByteBuffer vector(final String name) {
        return Frames.of(Vectors.ALL.get(name).clone());
    }

    private static Hello.Mount mount(final String path) {
        return new Hello.Mount(
                Version.CURRENT,
                Features.SUPPORTED,
                Limits.FRAME_MAX,
                path,
                ConsistencyMode.CONSISTENT,
                false,
                Ownership.PASSTHROUGH,
                Limits.CONTENT_MAX);
    }

    private static ByteBuffer encoded(final Hello hello) {
        final ByteBuffer frame = Frames.empty();
        return Frames.of(Frames.copy(frame, Hello.encode(frame, hello)));
    }

    @Test
    void shouldTellOnlyTheVersionOfAnotherMajor() throws ProtocolException {
        final ByteBuffer hello = Frames.of(Frames.copy(vector("hello.mount"), 32));
        hello.putInt(0, 32);
        hello.putShort(MAJOR, (short) 0xfffe);

        assertThat(Hello.decode(hello).version()).isEqualTo(new Version(65_534, 0));
    }

    @Test
    void shouldUnderstandAnotherMinor() throws ProtocolException {
        final ByteBuffer hello = vector("hello.mount");
        hello.putShort(MAJOR + 2, (short) 7);

        final Hello decoded = Hello.decode(hello);

        assertThat(decoded).isInstanceOf(Hello.Mount.class);
        assertThat(Version.CURRENT.understands(decoded.version())).isTrue();
    }

    @Test
    void shouldKnowTheMagic() {
        final ByteBuffer hello = vector("hello.mount");
        hello.put(24, (byte) 'G');

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the peer does not speak this protocol");
    }

    @ParameterizedTest
    @ValueSource(ints = {8192, -1})
    void shouldRefuseAProcessorThatCannotBe(final int number) {
        final ByteBuffer hello = vector("hello.lane.processor");
        hello.putInt(hello.capacity() - Integer.BYTES, number);

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a greeting from processor " + Integer.toUnsignedString(number));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, -1, Integer.MIN_VALUE})
    void shouldRefuseSmallFrameLimits(final int limit) {
        final ByteBuffer hello = vector("hello.lane");
        hello.putInt(FRAME_MAX, limit);

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a greeting with a frame limit of " + limit + " bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {8192, Integer.MAX_VALUE})
    void shouldTakeOtherFrameLimits(final int limit) throws ProtocolException {
        final ByteBuffer hello = vector("hello.lane");
        hello.putInt(FRAME_MAX, limit);

        assertThat(Hello.decode(hello).frameMax()).isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource({
        "44, 0, a greeting with role 0",
        "44, 4, a greeting with role 4",
        "45, 4, unknown mode 4",
        "45, 255, unknown mode 255",
        "47, 3, unknown ownership policy 3",
        "47, 255, unknown ownership policy 255"
    })
    void shouldRefuseUnknownCodes(final int at, final int code, final String message) {
        final ByteBuffer hello = vector("hello.mount");
        hello.put(at, (byte) code);

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"0, CONSISTENT", "1, CACHED", "2, DELEGATED", "3, DEFAULT"})
    void shouldKnowModes(final int code, final ConsistencyMode mode) throws ProtocolException {
        final ByteBuffer hello = vector("hello.mount");
        hello.put(MODE, (byte) code);

        assertThat(((Hello.Mount) Hello.decode(hello)).mode()).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({"0, passthrough", "1, fixed=1000:100", "2, recorded=1000:100"})
    void shouldKnowPolicies(final int code, final String policy) throws ProtocolException {
        final ByteBuffer hello = vector("hello.mount");
        hello.put(OWNERSHIP, (byte) code);

        assertThat(((Hello.Mount) Hello.decode(hello)).ownership()).hasToString(policy);
    }

    @ParameterizedTest
    @ValueSource(ints = {OWNER_UID, OWNER_GID})
    void shouldRefuseTheOwnerThatIsNobody(final int at) {
        final ByteBuffer hello = vector("hello.mount");
        hello.putInt(at, -1);

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("an owner with the id 4294967295");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4095})
    void shouldTakePathsUpToTheirLimit(final int length) throws ProtocolException {
        final Hello hello = mount("p".repeat(length));

        assertThat(Hello.decode(encoded(hello))).isEqualTo(hello);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096})
    void shouldRefuseOtherPaths(final int length) {
        final ByteBuffer hello = encoded(mount("p".repeat(length)));

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a mount request with a path of " + length + " bytes");
    }

    @Test
    void shouldRefusePathsThatAreNotUtf8() {
        final ByteBuffer hello = encoded(mount("/p"));
        hello.put(PATH + 5, (byte) 0xff);

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a mount request with a path that is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 30, 12})
    void shouldAllocateNothingForAWildPath(final int claimed) {
        final ByteBuffer hello = vector("hello.mount");
        hello.putInt(PATH, claimed);

        final long allocated = allocatedBy(() -> assertRefused(() -> Hello.decode(hello)));

        assertThat(allocated).isLessThan(ALLOCATED_MAX);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 31, 104, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldRefuseWildLengths(final int claimed) {
        final ByteBuffer hello = vector("hello.mount");
        hello.putInt(0, claimed);
        hello.putInt(PATH, claimed - 77);
        final ByteBuffer welcome = vector("welcome.mount");
        welcome.putInt(0, claimed);
        final ByteBuffer refusal = vector("welcome.refusal");
        refusal.putInt(0, claimed);
        refusal.putInt(WELCOME_MESSAGE, claimed - 37);

        final long allocated = allocatedBy(() -> {
            assertRefused(() -> Hello.decode(hello));
            assertRefused(() -> Welcome.decode(welcome));
            assertRefused(() -> Welcome.decode(refusal));
        });

        assertThat(allocated).isLessThan(ALLOCATED_MAX);
    }

    @ParameterizedTest
    @CsvSource({
        "8191, 4096",
        "-1, 4096",
        "8192, 4095",
        "8192, 0",
        "8192, -1",
        "8192, 8149",
        "8192, 2147483647",
        "2147483647, 2147483604"
    })
    void shouldRefuseWildLimitsOfTheHost(final int frameMax, final int transferMax) {
        final ByteBuffer welcome = vector("welcome.mount");
        welcome.putInt(WELCOME_FRAME_MAX, frameMax);
        welcome.putInt(WELCOME_TRANSFER_MAX, transferMax);

        assertThatThrownBy(() -> Welcome.decode(welcome))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a welcome with limits of " + frameMax + " and " + transferMax + " bytes");
    }

    @ParameterizedTest
    @CsvSource({"8192, 4096", "8192, 8148", "2147483647, 2147483603"})
    void shouldTakeOtherLimitsOfTheHost(final int frameMax, final int transferMax) throws Exception {
        final ByteBuffer welcome = vector("welcome.mount");
        welcome.putInt(WELCOME_FRAME_MAX, frameMax);
        welcome.putInt(WELCOME_TRANSFER_MAX, transferMax);

        assertThat(Welcome.decode(welcome).transferMax()).isEqualTo(transferMax);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 512})
    void shouldRefuseWildErrnosOfTheHost(final int errno) {
        final ByteBuffer refusal = vector("welcome.refusal");
        refusal.putInt(16, errno);

        assertThatThrownBy(() -> Welcome.decode(refusal))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a refusal with errno " + errno);
    }

    @Test
    void shouldSendTheBeginningOfALongRefusal() {
        final ByteBuffer frame = Frames.empty();

        final int length = Welcome.encodeRefusal(frame, Errno.EACCES, "m".repeat(5000));

        assertThat(length).isLessThan(Limits.HANDSHAKE_FRAME_MAX);
        assertThat(catchThrowableOfType(RefusedException.class, () -> Welcome.decode(frame)))
                .hasMessage("m".repeat(Limits.PATH_MAX));
    }

    @Test
    void shouldFitTheLongestGreeting() {
        final int length = Hello.encode(Frames.empty(), mount("p".repeat(Limits.PATH_MAX)));

        assertThat(length).isLessThanOrEqualTo(Limits.HANDSHAKE_FRAME_MAX);
    }

    @Test
    void shouldNotShowTheToken() {
        final SessionToken token = SessionToken.get(vector("hello.lane"), 56);

        assertThat(token).hasToString("session a0a1").isNotEqualTo(SessionToken.random());
    }

    @ParameterizedTest
    @ValueSource(ints = {-32, -1, 1, 32})
    void shouldRefuseNoncesAndProofsOfOtherSizes(final int more) {
        final ByteBuffer hello = resized("hello.authenticated", more);
        final ByteBuffer welcome = resized("welcome.authenticated", more);

        assertRefused(() -> Hello.decode(hello));
        assertRefused(() -> Welcome.decode(welcome));
    }

    private static ByteBuffer resized(final String vector, final int more) {
        final byte[] bytes = Vectors.ALL.get(vector);
        final ByteBuffer frame = Frames.of(Arrays.copyOf(bytes, bytes.length + more));
        frame.putInt(0, bytes.length + more);
        return frame;
    }

    @Test
    void shouldRefuseOtherAnswersToAChallenge() {
        assertRefused(() -> Authenticate.proof(vector("hello.authenticated")));
        assertRefused(() -> Authenticate.proof(vector("getattr.request")));
        final ByteBuffer failed = vector("authenticate.reply");
        failed.putInt(16, Errno.EACCES);
        assertRefused(() -> Authenticate.challenge(failed));
    }

    @Test
    void shouldProveSomethingElseForEachSideNonceAndGreeting() {
        final byte[] hello = Vectors.ALL.get("hello.authenticated");
        final byte[] other = hello.clone();
        other[hello.length - 1]++;
        final Nonce nonce = Nonce.random();
        final Secret secret = new Secret(new byte[Secret.SIZE_MIN]);

        assertThat(secret.guestProof(nonce, hello))
                .isEqualTo(new Secret(new byte[Secret.SIZE_MIN]).guestProof(nonce, hello))
                .isNotEqualTo(secret.hostProof(nonce, hello))
                .isNotEqualTo(secret.guestProof(Nonce.random(), hello))
                .isNotEqualTo(secret.guestProof(nonce, other))
                .isNotEqualTo(
                        new Secret("another secret 16".getBytes(StandardCharsets.US_ASCII)).guestProof(nonce, hello));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 4097})
    void shouldRefuseSecretsOfOtherSizes(final int size) {
        assertThatThrownBy(() -> new Secret(new byte[size]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a secret has 16 to 4096 bytes, this one has " + size);
    }

    @Test
    void shouldNotShowTheSecret() {
        assertThat(new Secret("0123456789abcdef".getBytes(StandardCharsets.US_ASCII)))
                .hasToString("a secret");
    }

    private interface Decoding {
        Object decode() throws ProtocolException, RefusedException;
    }

    private static void assertRefused(final Decoding decoding) {
        assertThatThrownBy(decoding::decode).isInstanceOf(ProtocolException.class);
    }

    private static long allocatedBy(final Runnable work) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        work.run();
        final long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "\u007f", "0123456789012345678901234567890123456789012345678901234567890123x"})
    void shouldRefuseGuestsWithNamesThatDoNotFitIntoALog(final String name) {
        final ByteBuffer hello = Frames.of(new byte[256]);
        Hello.encode(hello, new Hello.Log(Version.CURRENT, Features.LOG, 8192, name));

        assertThatThrownBy(() -> Hello.decode(hello))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("a guest's name that is too long or has control characters");
    }

    @Test
    void shouldCutLogRecordsBetweenCharacters() throws ProtocolException {
        final ByteBuffer frame = Frames.of(new byte[4096]);
        LogRecord.encode(frame, LogRecord.INFO, "x" + "\u20ac".repeat(1000));

        assertThat(LogRecord.text(frame)).isEqualTo("x" + "\u20ac".repeat((LogRecord.TEXT_MAX - 1) / 3));
    }
}
