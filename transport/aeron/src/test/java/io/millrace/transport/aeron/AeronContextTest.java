package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every setter promises: found by reflection, so that a new one is tested, too. */
class AeronContextTest {
    static Stream<Method> setters() {
        return Arrays.stream(AeronContext.class.getMethods())
                .filter(method -> method.getReturnType() == AeronContext.class && method.getParameterCount() == 1);
    }

    private static Object bad(final Class<?> type) {
        if (type == int.class) {
            return Integer.MIN_VALUE;
        }
        if (type == boolean.class) {
            return true;
        }
        return type == long.class ? (Object) Long.MIN_VALUE : null;
    }

    private static RuntimeException refused(final AeronContext context, final Method setter) {
        return assertThrows(RuntimeException.class, () -> {
            try {
                setter.invoke(context, bad(setter.getParameterTypes()[0]));
            } catch (final InvocationTargetException ex) {
                throw ex.getCause();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("setters")
    void shouldRefuseABadValueWhenItIsSet(final Method setter) {
        if (setter.getParameterTypes()[0] != boolean.class) {
            final String text =
                    String.valueOf(refused(new AeronContext(), setter).getMessage());
            assertTrue(text.contains(setter.getName()), text);
        }
    }

    @ParameterizedTest
    @MethodSource("setters")
    void shouldBeFrozenWhenConcluded(final Method setter) {
        final AeronContext concluded = new AeronContext();
        assertSame(concluded, concluded.conclude().conclude());
        assertEquals(
                "the context is concluded: make a new one",
                refused(concluded, setter).getMessage());
    }

    /** Its heart beats once a second: who looks more closely finds it dead each time. */
    @Test
    void shouldRefuseToTakeADriverForDeadBetweenTwoOfItsSignsOfLife() {
        final long leastNs = 3 * new MediaDriver.Context().timerIntervalNs() / 2;
        final var refused =
                assertThrows(IllegalArgumentException.class, () -> new AeronContext().driverTimeoutNs(leastNs - 1));
        assertTrue(refused.getMessage().contains("driverTimeoutNs=1499999999"), refused.getMessage());
        assertEquals(leastNs, new AeronContext().driverTimeoutNs(leastNs).driverTimeoutNs());
    }

    @Test
    void shouldRefuseADriverThatNobodyDrives() {
        final var refused = assertThrows(
                IllegalArgumentException.class, () -> new AeronContext().threadingMode(ThreadingMode.INVOKER));
        assertTrue(refused.getMessage().contains("threadingMode=INVOKER"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new AeronContext().mtuLength(1_400));
        assertEquals(8_192, new AeronContext().mtuLength(8_192).mtuLength());
    }
}
