package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void shouldKeepThreeDigitsThatCount() {
        assertEquals("12,346", Figures.of(12_345.6));
        assertEquals("123", Figures.of(123.4));
        assertEquals("12.3", Figures.of(12.34));
        assertEquals("1.23", Figures.of(1.234));
        assertEquals("0.12", Figures.of(0.1234));
        assertEquals("0.012", Figures.of(0.01234));
        assertEquals("0.00", Figures.of(0));
        assertEquals("–", Figures.of(Double.NaN));
    }

    @Test
    void shouldScaleRatesToWhatReadsBest() {
        assertEquals("8.52 M/s", Figures.of(8_520_000, "/s"));
        assertEquals("214 k/s", Figures.of(214_000, "/s"));
        assertEquals("2,140 /s", Figures.of(2_140, "/s"));
        assertEquals("10.9 µs", Figures.of(10.9, "µs"));
        assertEquals("9,999 µs", Figures.of(9_999, "µs"));
        assertEquals("12.5 ms", Figures.of(12_500, "µs"));
    }

    @Test
    void shouldBeShortAtAnAxis() {
        assertEquals("1", Figures.atAxis(1));
        assertEquals("1,000", Figures.atAxis(1_000));
        assertEquals("10 k", Figures.atAxis(10_000));
        assertEquals("1.6 M", Figures.atAxis(1_600_000));
    }

    @Test
    void shouldShowAnIntervalOnlyWhenThereIsOne() {
        assertEquals("2.00 (1.50–2.50)", Figures.of(new Ratio(2, 1.5, 2.5)));
        assertEquals("2.00", Figures.of(new Ratio(2, 2, 2)));
        assertEquals("20", Figures.plain(20));
        assertEquals("1.1", Figures.plain(1.1));
    }
}
