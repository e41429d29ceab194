package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultTest {
    private static Plan.Row row(final Double atLeast, final Double atMost) {
        return new Plan.Row("", "", "", Map.of(), "", Map.of(), Map.of(), false, atLeast, atMost, null, null);
    }

    @ParameterizedTest
    @CsvSource({
        "3.0, , 3.5, 3.1, 4.0, MET",
        "3.0, , 3.5, 2.9, 4.0, LIKELY",
        "3.0, , 2.9, 2.5, 3.2, UNLIKELY",
        "3.0, , 2.5, 2.0, 2.9, MISSED",
        "3.0, , 3.0, 3.0, 3.0, MET",
        "3.0, , 2.9, 2.9, 2.9, MISSED",
        ", 1.2, 1.0, 0.9, 1.1, MET",
        ", 1.2, 1.0, 0.9, 1.3, LIKELY",
        ", 1.2, 1.3, 1.1, 1.4, UNLIKELY",
        ", 1.2, 1.5, 1.3, 1.6, MISSED",
        ", , 1.5, 1.3, 1.6, SHOWN"
    })
    void shouldJudgeByTheIntervalWhenThereIsATarget(
            final Double atLeast,
            final Double atMost,
            final double value,
            final double low,
            final double high,
            final Result.Verdict verdict) {
        assertEquals(verdict, Result.verdict(row(atLeast, atMost), new Ratio(value, low, high)));
    }
}
