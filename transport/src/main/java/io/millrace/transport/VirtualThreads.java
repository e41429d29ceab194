package io.millrace.transport;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** The virtual threads of JDK 21 and later, looked for once at run time. */
final class VirtualThreads {
    private static final Optional<ThreadFactory> FACTORY = find();

    private VirtualThreads() {}

    /** Makes virtual threads; empty where the JDK has none. */
    static Optional<ThreadFactory> factory() {
        return FACTORY;
    }

    private static Optional<ThreadFactory> find() {
        try {
            final Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            final Object factory = Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
            return Optional.of((ThreadFactory) factory);
        } catch (final NoSuchMethodException | ClassNotFoundException ex) {
            return Optional.empty();
        } catch (final InvocationTargetException | IllegalAccessException ex) {
            // JDK 19 and 20 have them as a preview, which has to be enabled.
            return Optional.empty();
        }
    }
}
