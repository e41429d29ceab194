package io.millrace.jmh.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final List<Lines.Tick> TICKS = List.of(new Lines.Tick(1, "1"), new Lines.Tick(100, "100"));

    private static String draw(final int points) {
        final Lines.Line line = new Lines.Line(
                "a peer",
                2,
                "",
                IntStream.rangeClosed(1, points)
                        .mapToObj(i -> new double[] {i, 10.0 * i})
                        .toList());
        return Lines.svg("title", "ms", List.of(line), TICKS, true, "");
    }

    private static int circles(final String svg) {
        return svg.split("<circle ", -1).length - 1;
    }

    @Test
    void shouldShowEachPointWhereTheyAreFew() {
        assertEquals(1, circles(draw(1)));
        assertTrue(draw(1).contains("class=\"c2\""));
        assertEquals(12, circles(draw(12)));
        assertEquals(0, circles(draw(13)));
    }
}
