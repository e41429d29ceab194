package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NoOpIdleStrategy;
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

    private record Setting(UnaryOperator<AeronContext> set, Function<AeronContext, Object> get, Object value) {}

    private static List<Setting> settings() {
        final Path path = Path.of("x");
        final Supplier<IdleStrategy> idle = () -> NoOpIdleStrategy.INSTANCE;
        final Consumer<MediaDriver.Context> driver = context -> {};
        final SubscriptionListener listener = new SubscriptionListener() {};
        return List.of(
                new Setting(c -> c.directory(path), AeronContext::directory, Optional.of(path)),
                new Setting(c -> c.embeddedDriver(true), AeronContext::embeddedDriver, true),
                new Setting(
                        c -> c.threadingMode(ThreadingMode.DEDICATED),
                        AeronContext::threadingMode,
                        ThreadingMode.DEDICATED),
                new Setting(c -> c.driverIdleStrategy(idle), AeronContext::driverIdleStrategy, idle),
                new Setting(c -> c.driverSettings(driver), AeronContext::driverSettings, driver),
                new Setting(c -> c.streamId(1), AeronContext::streamId, 1),
                new Setting(c -> c.streamId(2_147_483_645), AeronContext::streamId, 2_147_483_645),
                new Setting(c -> c.mtuLength(64), AeronContext::mtuLength, 64),
                new Setting(c -> c.mtuLength(65_504), AeronContext::mtuLength, 65_504),
                new Setting(c -> c.ipcMtuLength(96), AeronContext::ipcMtuLength, 96),
                new Setting(c -> c.sparseLogs(false), AeronContext::sparseLogs, false),
                new Setting(c -> c.driverTimeoutNs(3_000_000_000L), AeronContext::driverTimeoutNs, 3_000_000_000L),
                new Setting(
                        c -> c.clientLivenessTimeoutNs(1_000_000_000),
                        AeronContext::clientLivenessTimeoutNs,
                        1_000_000_000L),
                new Setting(
                        c -> c.imageLivenessTimeoutNs(1_000_000_000),
                        AeronContext::imageLivenessTimeoutNs,
                        1_000_000_000L),
                new Setting(c -> c.listenerTimeoutNs(1), AeronContext::listenerTimeoutNs, 1L),
                new Setting(c -> c.maxParkNs(50_000), AeronContext::maxParkNs, 50_000L),
                new Setting(c -> c.maxParkNs(100_000_000), AeronContext::maxParkNs, 100_000_000L),
                new Setting(c -> c.subscriptionListener(listener), AeronContext::subscriptionListener, listener));
    }

    @Test
    void shouldKeepWhatIsSetUntilItIsConcluded() {
        for (final Setting setting : settings()) {
            final AeronContext context = new AeronContext();
            assertSame(context, setting.set.apply(context));
            assertEquals(setting.value, setting.get.apply(context));
            context.conclude();
            assertThrows(IllegalStateException.class, () -> setting.set.apply(context));
        }
    }

    @Test
    void shouldHaveDefaultsForFewCores() {
        final AeronContext defaults = new AeronContext();
        assertEquals(Optional.empty(), defaults.directory());
        assertFalse(defaults.embeddedDriver());
        assertTrue(defaults.sparseLogs());
        assertEquals(ThreadingMode.SHARED, defaults.threadingMode());
        assertEquals(
                BackoffIdleStrategy.class, defaults.driverIdleStrategy().get().getClass());
        assertEquals(AeronContext.DEFAULT_STREAM_ID, defaults.streamId());
        assertSame(SubscriptionListener.NONE, defaults.subscriptionListener());
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
