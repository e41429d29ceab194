package io.millrace.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final List<String> NAMES = List.of("a.b.OneWay.receive", "a.b.OneWayTls.receive", "a.b.Ring.burst");

    @Test
    void shouldChooseAllWhenNothingIsAskedFor() {
        final Preflight preflight = new Preflight(NAMES, List.of());
        assertEquals(Set.copyOf(NAMES), preflight.chosen());
        assertTrue(preflight.remarks().isEmpty());
    }

    @Test
    void shouldNameThePatternThatChoosesNothingAndRunTheRest() {
        final Preflight preflight = new Preflight(NAMES, List.of("OneWay\\.", "OneWaz"));
        assertEquals(Set.of("a.b.OneWay.receive"), preflight.chosen());
        assertEquals(List.of("no such benchmark: OneWaz (there are OneWay, OneWayTls, Ring)"), preflight.remarks());
    }

    @Test
    void shouldNameThePatternThatIsNone() {
        final Preflight preflight = new Preflight(NAMES, List.of("One(Way"));
        assertTrue(preflight.chosen().isEmpty());
        assertEquals(List.of("not a regular expression: One(Way (Unclosed group)"), preflight.remarks());
    }
}
