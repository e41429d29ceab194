package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of compression that no message shows. */
class DeflateContextTest {
    private final DeflateContext context = new DeflateContext();

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 9})
    void shouldKeepALevelOfTheJdks(final int level) {
        assertEquals(level, context.level(level).level());
    }

    @ParameterizedTest
    @ValueSource(ints = {-2, 0, 10})
    void shouldRefuseAnyOtherLevel(final int level) {
        assertThrows(IllegalArgumentException.class, () -> context.level(level));
    }

    @Test
    void shouldKeepARatioThatIsPositive() {
        assertEquals(1, context.maxRatio(1).maxRatio());
        assertThrows(IllegalArgumentException.class, () -> context.maxRatio(0));
    }
}
