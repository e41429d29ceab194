package io.millrace.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.websocket.DeflateContext;
import io.millrace.transport.websocket.WebSocketContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every setter of every context promises: found by reflection, so that a new one is tested, too. */
class ContextContractTest {
    private static final List<Class<?>> CONTEXTS = List.of(
            TransportContext.class,
            ConnectionContext.class,
            IdleContext.class,
            SocketContext.class,
            ListenerContext.class,
            ReconnectContext.class,
            WebSocketContext.class,
            DeflateContext.class);

    /** A setter takes any value. */
    private static final List<Class<?>> FREE = List.of(boolean.class);

    /** In an order that is the same in every JVM: a tool that runs one of the tests again knows it by its number. */
    static Stream<Arguments> setters() {
        return CONTEXTS.stream()
                .flatMap(context -> Arrays.stream(context.getMethods())
                        .filter(method -> method.getReturnType() == context && method.getParameterCount() > 0)
                        .sorted(Comparator.comparing(Method::toString))
                        .map(method -> Arguments.of(
                                context.getSimpleName() + "." + method.getName()
                                        + Arrays.toString(method.getParameterTypes()),
                                context,
                                method)));
    }

    private static Object make(final Class<?> context) throws ReflectiveOperationException {
        return context.getConstructor().newInstance();
    }

    /** The least value that there is, which no number may be; or null. */
    private static Object bad(final Class<?> type) {
        if (type == int.class) {
            return Integer.MIN_VALUE;
        }
        if (type == long.class) {
            return Long.MIN_VALUE;
        }
        return type == boolean.class ? Boolean.TRUE : null;
    }

    private static Object[] arguments(final Method setter) {
        return Arrays.stream(setter.getParameterTypes())
                .map(ContextContractTest::bad)
                .toArray();
    }

    private static Executable call(final Object context, final Method setter) {
        return () -> {
            try {
                setter.invoke(context, arguments(setter));
            } catch (final InvocationTargetException ex) {
                throw ex.getCause();
            }
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("setters")
    void shouldRefuseABadValueWhenItIsSet(final String name, final Class<?> context, final Method setter)
            throws ReflectiveOperationException {
        final Class<?> type = setter.getParameterTypes()[0];
        if (FREE.contains(type)) {
            final Object made = make(context);
            assertSame(made, setter.invoke(made, true), "a setter answers its context");
            return;
        }
        final RuntimeException refused = assertThrows(RuntimeException.class, call(make(context), setter));
        if (type.isPrimitive()) {
            assertInstanceOf(IllegalArgumentException.class, refused);
            assertTrue(refused.getMessage().contains("=" + bad(type)), refused.getMessage());
        } else {
            assertInstanceOf(NullPointerException.class, refused);
            assertTrue(refused.getMessage().matches("[a-zA-Z]+"), "not the name of what is missing: " + refused);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("setters")
    void shouldBeFrozenWhenConcluded(final String name, final Class<?> context, final Method setter)
            throws ReflectiveOperationException {
        final Object concluded = make(context);
        final Method conclude = context.getMethod("conclude");
        assertSame(concluded, conclude.invoke(concluded));
        assertSame(concluded, conclude.invoke(concluded), "concluded twice");
        final IllegalStateException frozen = assertThrows(IllegalStateException.class, call(concluded, setter));
        assertEquals("the context is concluded: make a new one", frozen.getMessage());
    }
}
