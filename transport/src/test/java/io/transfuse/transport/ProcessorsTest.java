package io.transfuse.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorsTest {
    @ParameterizedTest
    @CsvSource({"0,1", "0-1,2", "0-15,16", "0-8191,8192"})
    void shouldCountARowThatBeginsWithTheFirst(final String list, final int count) {
        assertThat(Processors.ofList(list)).isEqualTo(count);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"1-3;", "0,2;", "0-1,3;", "2;", "'';", "0-;", "0-99999;"})
    void shouldNotCountWhatHasGaps(final String list) {
        assertThat(Processors.ofList(list)).isZero();
    }
}
