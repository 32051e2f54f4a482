package io.transfuse.host.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FanotifyRecordTest {
    private static final int DFID_NAME = 2;
    private static final int FID = 1;
    private static final int OTHER = 5;

    private final ByteBuffer bytes = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    private final FanotifyRecord record = new FanotifyRecord();

    @Test
    void shouldReadObjectsAndNames() {
        final int start = beginEvent(0x102, 77);
        putObject(OTHER, 0, "");
        putObject(DFID_NAME, 5, "name");
        putObject(FID, 6, "");
        endEvent(start);
        record.begin(bytes, bytes.position());

        assertThat(record.next()).isTrue();
        assertThat(record.mask()).isEqualTo(0x102);
        assertThat(record.process()).isEqualTo(77);
        assertThat(record.nextObject()).isTrue();
        assertThat(record.isDirectoryOfEvent()).isTrue();
        assertThat(record.hasChildName()).isTrue();
        assertThat(record.childName()).asString(StandardCharsets.US_ASCII).isEqualTo("name");
        final ObjectKey directory = record.key();
        assertThat(record.nextObject()).isTrue();
        assertThat(record.isDirectoryOfEvent()).isFalse();
        assertThat(record.hasChildName()).isFalse();
        assertThat(record.key()).isNotEqualTo(directory);
        assertThat(record.nextObject()).isFalse();
        assertThat(record.next()).isFalse();
    }

    @Test
    void shouldTakeTheNameDotForTheDirectoryItself() {
        final int start = beginEvent(4, 1);
        putObject(DFID_NAME, 5, ".");
        endEvent(start);
        record.begin(bytes, bytes.position());

        assertThat(record.next()).isTrue();
        assertThat(record.nextObject()).isTrue();
        assertThat(record.hasChildName()).isFalse();
    }

    @Test
    void shouldPassOverRepetitions() {
        final List<Integer> processes = List.of(1, 1, 1, 2, 1);
        for (final int process : processes) {
            final int start = beginEvent(2, process);
            putObject(DFID_NAME, 5, "name");
            endEvent(start);
        }
        record.begin(bytes, bytes.position());

        final List<Integer> told = new ArrayList<>();
        while (record.next()) {
            told.add(record.process());
        }
        assertThat(told).containsExactly(1, 2, 1);
    }

    @Test
    void shouldRefuseAHandleBeyondItsRecord() {
        final int start = beginEvent(2, 1);
        putObject(FID, 5, "");
        bytes.putInt(start + 24 + 12, 100);
        endEvent(start);
        record.begin(bytes, bytes.position());

        assertThat(record.next()).isTrue();
        assertThatThrownBy(record::nextObject)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("An event of fanotify is not as it should be");
    }

    /** Whatever stands there, it ends, and reads nothing beyond the length: no other exception is thrown. */
    @Property
    void shouldReadOrRefuseAnything(
            @ForAll @IntRange(max = 1000) final int changedAt,
            @ForAll final byte value,
            @ForAll @IntRange(max = 1000) final int cut) {
        bytes.clear();
        for (int i = 0; i < 4; i++) {
            final int start = beginEvent(2, i);
            putObject(DFID_NAME, 5, "name");
            putObject(FID, 6, "");
            endEvent(start);
        }
        final int length = bytes.position() - cut % bytes.position();
        bytes.put(changedAt % length, value);
        record.begin(bytes.slice(0, length).order(ByteOrder.LITTLE_ENDIAN), length);
        try {
            while (record.next()) {
                while (record.nextObject()) {
                    assertThat(record.key()).isNotNull();
                    assertThat(record.childName()).hasSizeLessThan(length);
                }
            }
        } catch (final IllegalStateException refused) {
            assertThat(refused).hasMessage("An event of fanotify is not as it should be");
        }
    }

    private int beginEvent(final long mask, final int process) {
        final int start = bytes.position();
        bytes.putInt(0).put((byte) 3).put((byte) 0).putShort((short) 24);
        bytes.putLong(mask).putInt(-1).putInt(process);
        return start;
    }

    private void endEvent(final int start) {
        bytes.putInt(start, bytes.position() - start);
    }

    /** Handles of 8 bytes. */
    private void putObject(final int type, final long handle, final String name) {
        final int start = bytes.position();
        bytes.put((byte) type).put((byte) 0).putShort((short) 0);
        bytes.putLong(42).putInt(8).putInt(1).putLong(handle);
        bytes.put(name.getBytes(StandardCharsets.US_ASCII)).putInt(0);
        bytes.putShort(start + 2, (short) (bytes.position() - start));
    }
}
